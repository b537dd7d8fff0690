// SPDX-License-Identifier: Apache-2.0
/**
 * SQL text to {@link dev.sluice.gateway.statement.StatementFacts}: PostgreSQL's own grammar reads every statement, once per
 * statement template; a scanner and two caches stand in front of it. Imports no sockets, no Kafka, no clock and no random source.
 * {@link dev.sluice.gateway.statement.StatementReader} may be used by any thread; facts and readings are immutable.
 */
@NullMarked
package dev.sluice.gateway.statement;

import org.jspecify.annotations.NullMarked;
