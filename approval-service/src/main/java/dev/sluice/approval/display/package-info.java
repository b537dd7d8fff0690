// SPDX-License-Identifier: Apache-2.0
/** How a statement is put before an approver's eyes, so that what is read is what would run. Pure. */
@NullMarked
package dev.sluice.approval.display;

import org.jspecify.annotations.NullMarked;
