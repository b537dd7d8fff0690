// SPDX-License-Identifier: Apache-2.0
/**
 * What the three services agree on: events and their envelope, topics, the hash chain, signatures and verified principals.
 * Depends on no other module. Everything here is immutable and safe for use by many threads unless its own page says otherwise.
 */
@NullMarked
package dev.sluice.schemas;

import org.jspecify.annotations.NullMarked;
