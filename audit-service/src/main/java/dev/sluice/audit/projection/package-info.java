// SPDX-License-Identifier: Apache-2.0
/** From raw records to rows: pure functions without sockets, clock or database, so that a rebuild gives the same rows. */
@NullMarked
package dev.sluice.audit.projection;

import org.jspecify.annotations.NullMarked;
