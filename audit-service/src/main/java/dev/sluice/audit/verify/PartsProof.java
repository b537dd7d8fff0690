// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.event.StatementEvent.Parts;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import dev.sluice.schemas.event.StatementEvent.StatementParted;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether the texts of a session that went out in parts are whole. Keeps digests, no text. */
final class PartsProof {
    private static final long QUERY = -1;

    /** What has come of one text. */
    private static final class Text {
        final MessageDigest digest = BundleFormat.sha256();
        long parts;
        long bytes;
        boolean inOrder = true;
    }

    /** Of the one statement whose decision is to come. */
    private final Map<Long, Text> texts = new HashMap<>();
    private String statementId = "";

    /** What is wrong with the parts that this event is or ends; null if nothing is. */
    @Nullable String problem(StatementEvent event) {
        return switch (event) {
            case StatementParted parted -> {
                String left = parted.statementId().equals(statementId) ? null : undecided();
                statementId = parted.statementId();
                Text text = texts.computeIfAbsent(parted.parameter() == null ? QUERY : parted.parameter(), _ -> new Text());
                byte[] bytes = parted.text().getBytes(StandardCharsets.UTF_8);
                text.inOrder &= parted.number() == text.parts;
                text.parts++;
                text.bytes += bytes.length;
                text.digest.update(bytes);
                yield left;
            }
            case StatementDecided decided -> {
                String left = decided.statementId().equals(statementId) ? null : undecided();
                String found = whole(decided);
                texts.clear();
                statementId = "";
                yield left == null ? found : left;
            }
            default -> null;
        };
    }

    /** Parts without a decision: the gateway died in between, unless something else follows. */
    private @Nullable String undecided() {
        String of = statementId;
        boolean any = !texts.isEmpty();
        texts.clear();
        return any ? "parts of statement " + of + " are there, but not its decision" : null;
    }

    private @Nullable String whole(StatementDecided decided) {
        Parts query = decided.queryParts();
        if (query != null && !query.digest().equals(decided.queryDigest())) {
            return "the query of statement " + decided.statementId() + " has two digests";
        }
        String problem = compare(decided.statementId(), "the query", QUERY, query);
        List<Parameter> parameters = decided.parameters();
        for (int i = 0; i < parameters.size() && problem == null; i++) {
            problem = compare(decided.statementId(), "parameter " + (i + 1), i, parameters.get(i).parts());
        }
        return problem == null && !texts.isEmpty() ? "there are parts of statement " + decided.statementId() + " that its decision does not name" : problem;
    }

    private @Nullable String compare(String statement, String what, long place, @Nullable Parts named) {
        if (named == null) {
            return null;
        }
        Text text = texts.remove(place);
        boolean same = text != null
                && text.inOrder
                && text.parts == named.count()
                && text.bytes == named.bytes()
                && HexFormat.of().formatHex(text.digest.digest()).equals(named.digest());
        return same ? null : what + " of statement " + statement + " is not the whole that its decision names";
    }
}
