// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.catalog;

/** What the gateway knows of a database's catalog right now. */
public sealed interface CatalogState {
    /** The newest snapshot, and the last look at the database found nothing newer. */
    record Known(Catalog catalog) implements CatalogState {}

    /**
     * There is no snapshot that may be relied on: what depends on the catalog must be refused.
     *
     * @param reason why, for the operator and the caller
     */
    record Stale(String reason) implements CatalogState {}
}
