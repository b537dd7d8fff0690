// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.sluice.approval.webhook;

import org.jspecify.annotations.NullMarked;
