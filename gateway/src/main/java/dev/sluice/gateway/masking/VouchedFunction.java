// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

/**
 * A function that somebody has read and says that it shows no masked value.
 *
 * @param hash as {@link dev.sluice.gateway.catalog.Function#sourceHash}: another body is another function
 */
public record VouchedFunction(String schema, String name, String hash) {}
