// SPDX-License-Identifier: Apache-2.0
/**
 * What a target's database contains: relations, columns, types and functions as immutable snapshots, read over a connection of the
 * gateway's own that no client parameter ever reaches. Snapshots may be used by any thread. Object identifiers are unsigned 32 bits
 * in an int, as in {@code wire}.
 */
@NullMarked
package dev.sluice.gateway.catalog;

import org.jspecify.annotations.NullMarked;
