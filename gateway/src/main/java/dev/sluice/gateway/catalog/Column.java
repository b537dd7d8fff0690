// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.catalog;

/**
 * A column of a relation; dropped columns are not listed.
 *
 * @param number attribute number, from 1; numbers of dropped columns are never used again
 * @param typeOid as declared: a domain's own OID
 * @param typeModifier -1 when the type has none
 */
public record Column(int number, String name, int typeOid, int typeModifier) {}
