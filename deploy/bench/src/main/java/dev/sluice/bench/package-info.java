// SPDX-License-Identifier: Apache-2.0
/**
 * The system benchmark: pgbench against PostgreSQL directly, through PgBouncer and through Sluice, in alternating runs. Everything blocks;
 * what is measured runs in processes of its own.
 */
@NullMarked
package dev.sluice.bench;

import org.jspecify.annotations.NullMarked;
