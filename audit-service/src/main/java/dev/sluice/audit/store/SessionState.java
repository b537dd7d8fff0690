// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a session stands: what the report of completeness counts, and what the filter {@code state} finds. One session may be in several. */
public enum SessionState {
    /** Its end is on record. */
    CLOSED("closed_at IS NOT NULL"),
    /** It never came to be. */
    REFUSED("refused_at IS NOT NULL"),
    /** It still runs, its gateway died, or its end was cut off. */
    WITHOUT_END("closed_at IS NULL AND refused_at IS NULL AND bypassed_at IS NULL AND policy_loaded_at IS NULL"),
    /** The server had it, and it did not come through the gateway. */
    BYPASSED("bypassed_at IS NOT NULL"),
    /** It is none: a gateway says by which policy it judges from then on. */
    POLICY("policy_loaded_at IS NOT NULL"),
    /** A gateway has signed at least a part of it. */
    SIGNED("seal IS NOT NULL"),
    /** Something was noticed while its records were read. */
    WITH_FINDINGS("EXISTS (SELECT FROM findings f WHERE f.session_id = sessions.session_id)");

    private final String condition;

    SessionState(String condition) {
        this.condition = condition;
    }

    /** In SQL, over the columns of {@code sessions}. */
    String condition() {
        return condition;
    }

    /** As it is written in a request: {@code without-end}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The one that is written so. */
    public static Optional<SessionState> of(String word) {
        return Arrays.stream(values()).filter(state -> state.word().equals(word)).findFirst();
    }

    /** All words. */
    public static List<String> words() {
        return Arrays.stream(values()).map(SessionState::word).toList();
    }
}
