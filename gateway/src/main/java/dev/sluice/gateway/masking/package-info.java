// SPDX-License-Identifier: Apache-2.0
/**
 * What masked callers see instead of the truth. Rules by name are bound to columns of a catalog, a plan is made of a statement's lineage,
 * and rows, COPY data, errors and notices are rewritten by it. Everything here is pure and fails closed: what cannot be masked ends the
 * statement. Rules, bindings and plans are immutable; row and COPY maskers belong to one statement and one thread. Imports no
 * sockets, no Kafka, no clock and no random source.
 */
@NullMarked
package dev.sluice.gateway.masking;

import org.jspecify.annotations.NullMarked;
