// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.sluice.approval.kafka;

import org.jspecify.annotations.NullMarked;
