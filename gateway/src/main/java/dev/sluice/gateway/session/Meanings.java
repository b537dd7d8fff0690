// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.schemas.event.StatementEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the names stand for by which a text runs something that it does not say itself: prepared statements and cursors from before it.
 *
 * @param known of which the text is known, in the order of their use
 * @param unknown a name of which it is not; null where there is none
 */
record Meanings(List<Meaning> known, @Nullable String unknown) {
    static final Meanings NONE = new Meanings(List.of(), null);

    /**
     * @param text of PREPARE or DECLARE, or as Parse had it
     * @param parameterTypes OIDs as far as Parse gave them
     * @param parameters that a portal was bound with
     */
    record Meaning(String name, Reading.Understood text, List<Integer> parameterTypes, List<StatementEvent.Parameter> parameters) {
        StatementEvent.StandsFor inWords() {
            return new StatementEvent.StandsFor(name, text.redactedSql(), parameterTypes.stream().map(Integer::toUnsignedLong).toList(), parameters);
        }
    }

    /** Null where the text says all that it runs. */
    @Nullable List<StatementEvent.StandsFor> inWords() {
        return known.isEmpty() ? null : known.stream().map(Meaning::inWords).toList();
    }

    /**
     * Why people cannot be asked about the statement; null if they can. What cannot be shown to them is not theirs to approve.
     *
     * @param returns whether the client would come again with it, in another session or after having gone on in this one
     */
    static @Nullable Diagnosis objection(Judged judged, String rule, boolean returns) {
        String unknown = judged.meanings().unknown();
        if (unknown != null || judged.source().sql() == null) {
            return Words.notShown(rule, unknown);
        }
        // Where a cursor stands is in no text: only while the client waits does it stay there.
        boolean positioned = judged.reading().statements().stream().anyMatch(facts -> facts.fetchesCursor() != null);
        return positioned && returns ? Words.positioned(rule) : null;
    }
}
