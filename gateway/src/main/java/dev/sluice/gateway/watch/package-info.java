// SPDX-License-Identifier: Apache-2.0
/** Compares the servers' own view of the gateway's logins with the sessions that came through the gateway. */
@NullMarked
package dev.sluice.gateway.watch;

import org.jspecify.annotations.NullMarked;
