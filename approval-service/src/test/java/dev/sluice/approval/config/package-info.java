// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.sluice.approval.config;

import org.jspecify.annotations.NullMarked;
