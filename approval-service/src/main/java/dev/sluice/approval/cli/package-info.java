// SPDX-License-Identifier: Apache-2.0
/** {@code sluice approvals}: the REST interface for people at a terminal. Prints nothing that could steer the terminal. */
@NullMarked
package dev.sluice.approval.cli;

import org.jspecify.annotations.NullMarked;
