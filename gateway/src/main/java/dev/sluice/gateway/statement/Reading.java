// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came out of reading the text of one Query or Parse message. */
public sealed interface Reading {
    /** The text with every secret that its grammar shows (passwords, connection strings) replaced: the only form to record or log. */
    String redactedSql();

    /**
     * The text is PostgreSQL's grammar.
     *
     * @param statements in the order of the text; empty for an empty query
     * @param fingerprint hex digest of the statement's template: equal for texts that differ in constants, comments and white space only
     * @param sentSql as it was sent: never to be recorded or logged where anything has been replaced
     * @param hidden how many constants have been replaced; with none the two texts are the same
     */
    record Understood(List<StatementFacts> statements, String fingerprint, String redactedSql, String sentSql, int hidden) implements Reading {
        public Understood {
            statements = List.copyOf(statements);
        }

        /** A text without secrets. */
        public Understood(List<StatementFacts> statements, String fingerprint, String sql) {
            this(statements, fingerprint, sql, sql, 0);
        }

        static Understood redacted(List<StatementFacts> statements, String fingerprint, String sql) {
            Secrets.Redacted redacted = Secrets.redact(sql);
            return new Understood(statements, fingerprint, redacted.sql(), sql, redacted.hidden());
        }

        /** The same text with other facts. */
        public Understood with(List<StatementFacts> others, String otherFingerprint) {
            return new Understood(others, otherFingerprint, redactedSql, sentSql, hidden);
        }

        /** One of its statements alone. */
        public Understood only(String sql, List<StatementFacts> others) {
            return hidden == 0 ? new Understood(others, fingerprint, sql) : redacted(others, fingerprint, sql);
        }

        /** Without the text as it was sent. */
        @Override
        public String toString() {
            return "Understood[" + fingerprint + ", " + redactedSql + "]";
        }
    }

    /**
     * PostgreSQL would answer with this error.
     *
     * @param position in characters (code points) from 1, as the error field P; 0 where the error has none
     */
    record SyntaxError(String sqlState, String message, int position, String redactedSql) implements Reading {
        public @Nullable String detail() {
            return GrammarErrors.detail(message);
        }

        public @Nullable String hint() {
            return GrammarErrors.hint(message);
        }
    }

    /** We will not read it: too long (54000), too deeply nested (54001), or the parser failed or is gone (XX000). */
    record Refused(String sqlState, String reason, String redactedSql) implements Reading {}
}
