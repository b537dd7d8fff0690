// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.TreeObjects;
import dev.sluice.gateway.statement.StatementFacts;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells whether the catalog that masks are bound to is older than what the server has resolved a statement to: somebody may have put another table
 * under a masked name, past the gateway. What a catalog that was read after the server's answer still does not have is not committed, so it is the
 * open transaction's own; the server has locked it for that transaction, so it stays what it is.
 */
final class CatalogAge {
    /** What to do about a statement. */
    enum Verdict {
        /** The catalog knows all that it uses. */
        KNOWN,
        /** Read the catalog anew, and resolve the statement again. */
        OLD,
        /** It cannot be told what the statement uses. */
        UNCLEAR
    }

    private final Set<Integer> own = new HashSet<>();
    /** What the catalog did not have when it was last read anew because of that. */
    private Set<Integer> missed = Set.of();

    /**
     * What to do about a statement that the server has resolved.
     *
     * @param masks as it was planned with
     * @param read whether their catalog was read for the sake of this statement, after the server had resolved it before
     * @param inTransaction whether what the server locks stays locked until the statement runs
     */
    Verdict of(TreeObjects objects, BoundMasks masks, StatementFacts statement, boolean read, boolean inTransaction) {
        Set<Integer> unknown = objects.unknownTo(masks.catalog());
        if (read && inTransaction) {
            unknown.stream().filter(missed::contains).forEach(own::add);
        }
        if (own.containsAll(unknown) && !objects.areRenamed(masks, statement, own)) {
            return Verdict.KNOWN;
        }
        missed = unknown;
        return read ? Verdict.UNCLEAR : Verdict.OLD;
    }

    /** OIDs of relations that the open transaction has made or changed, as far as it has used them since. */
    Set<Integer> own() {
        return own.isEmpty() ? Set.of() : Set.copyOf(own);
    }

    /** What the transaction has made is there for everybody, or has gone. */
    void transactionEnded() {
        own.clear();
    }

    /** Why a statement whose names stay unclear must not run. */
    static String reason(TreeObjects objects, BoundMasks masks) {
        return objects.unknownTo(masks.catalog()).stream()
                .findFirst()
                .map(oid -> "relation " + Integer.toUnsignedString(oid) + " is new, and the catalog does not have it although it was read anew")
                .orElse("a name in it stands for another relation than the catalog has");
    }
}
