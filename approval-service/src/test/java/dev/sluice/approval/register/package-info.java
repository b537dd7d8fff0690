// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.sluice.approval.register;

import org.jspecify.annotations.NullMarked;
