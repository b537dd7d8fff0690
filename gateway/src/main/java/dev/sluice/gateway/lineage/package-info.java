// SPDX-License-Identifier: Apache-2.0
/**
 * What a statement's answer depends on, read from the tree that the server itself made of it.
 */
@NullMarked
package dev.sluice.gateway.lineage;

import org.jspecify.annotations.NullMarked;
