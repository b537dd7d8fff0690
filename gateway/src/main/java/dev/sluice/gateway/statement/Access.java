// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

/** What a statement does with a relation that it names, in the words of PostgreSQL's commands and privileges. */
public enum Access {
    READ, INSERT, UPDATE, DELETE, TRUNCATE, LOCK, MAINTAIN, CREATE, ALTER, DROP, GRANT
}
