// SPDX-License-Identifier: Apache-2.0
/**
 * What the operator decides: a tree of records that cannot be wrong. Settings come from one YAML file, from {@code SLUICE_…}
 * environment variables above it and from the command line above both; every default stands in one place, beside its setting. An
 * unknown key or a value out of bounds stops the start with the key, the value and the place it came from. Secrets never print.
 */
@NullMarked
package dev.sluice.gateway.config;

import org.jspecify.annotations.NullMarked;
