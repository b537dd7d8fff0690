// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.MaskPlan;
import dev.sluice.gateway.statement.ComparedConstants;
import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.gateway.wire.BackendMessage.Column;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the server made of texts in the session's present context. A query also answers for those that differ from it in nothing but constants that
 * they compare with: which columns a tree depends on has nothing to do with the values of its constants, as long as these are of types that look
 * nothing up and run nobody's code.
 */
final class KnownPlans {
    private static final int REMEMBERED = 512;
    /** Characters of a text that is looked at, on the event loop as it is. */
    private static final int LONGEST = 16_384;
    /** The server breaks lines at blanks. */
    private static final Pattern CONSTANT = Pattern.compile(":consttype\\s+(-?\\d+)");
    /** bool, bytea, "char", name, int8, int2, int4, text, json, arrays of int2, int4, text, varchar and int8, float4, float8, unknown, inet, cidr, bpchar, varchar, date, times, interval, numeric, uuid, jsonb. */
    private static final Set<String> PLAIN_TYPES = Set.of(
            "16", "17", "18", "19", "20", "21", "23", "25", "114", "1005", "1007", "1009", "1015", "1016", "700", "701", "705", "869", "650", "1042", "1043", "1082", "1083",
            "1114", "1184", "1186", "1266", "1700", "2950", "3802");

    /** What is known of a text. */
    record Known(BoundMasks masks, MaskPlan plan, List<Column> columns) {}

    private record Key(String sql, List<Integer> parameterTypes, boolean exact) {}

    private final Map<Key, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Known> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Null if the server has to be asked. */
    @Nullable Known of(ToResolve.Ask question, StatementFacts facts) {
        String sql = question.source().sql();
        // COPY data come without saying where they are from: the server is asked each time.
        if (sql == null || question.copy() != null) {
            return null;
        }
        Known exactly = known.get(new Key(sql, question.source().parameterTypes(), true));
        Key alike = exactly == null ? alike(question, facts, sql) : null;
        return alike == null ? exactly : known.get(alike);
    }

    /** @param trees as the server sent them */
    void add(ToResolve.Ask question, StatementFacts facts, List<String> trees, Known found) {
        String sql = question.source().sql();
        if (sql == null) {
            return;
        }
        known.put(new Key(sql, question.source().parameterTypes(), true), found);
        Key alike = found.plan() instanceof MaskPlan.Refused ? null : alike(question, facts, sql);
        if (alike != null && trees.stream().allMatch(KnownPlans::hasPlainConstants)) {
            known.put(alike, found);
        }
    }

    private static @Nullable Key alike(ToResolve.Ask question, StatementFacts facts, String sql) {
        boolean query = question.copy() == null && sql.length() <= LONGEST && facts.kind().equals("SELECT") && facts.effects().equals(Set.of(Effect.READ)) && !facts.callsUnknownFunction();
        String rest = query ? ComparedConstants.without(sql) : null;
        return rest == null ? null : new Key(rest, question.source().parameterTypes(), false);
    }

    private static boolean hasPlainConstants(String tree) {
        Matcher constants = CONSTANT.matcher(tree);
        boolean plain = true;
        while (plain && constants.find()) {
            plain = PLAIN_TYPES.contains(constants.group(1));
        }
        return plain;
    }

    /** The context has changed. */
    void clear() {
        known.clear();
    }
}
