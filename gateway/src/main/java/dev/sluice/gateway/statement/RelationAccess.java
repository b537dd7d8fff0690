// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import org.jspecify.annotations.Nullable;

/**
 * A relation as the statement names it, folded to lower case by PostgreSQL's rules where unquoted. Names of common table
 * expressions are not relations.
 *
 * @param schema absent where the search path decides
 */
public record RelationAccess(@Nullable String schema, String name, Access access) {}
