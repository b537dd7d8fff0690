// SPDX-License-Identifier: Apache-2.0
/** The running product as its users and its operators meet it: people who decide, servers that fall over, processes that are killed. */
@NullMarked
package dev.sluice.e2e.stack;

import org.jspecify.annotations.NullMarked;
