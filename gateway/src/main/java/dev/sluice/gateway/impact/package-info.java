// SPDX-License-Identifier: Apache-2.0
/**
 * Finds out what a held statement would do, for the people who are asked to approve it: on connections of the gateway's own, in transactions
 * that can only read, each statement that looks at data recorded before it is sent.
 */
@NullMarked
package dev.sluice.gateway.impact;

import org.jspecify.annotations.NullMarked;
