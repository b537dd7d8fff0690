// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.testing;

import dev.sluice.schemas.signature.SigningKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What somebody who may write could do to what is kept of a session, wherever it lies, and what it must be found as. */
public enum Tampering {
    EDIT("broken-link") {
        @Override
        void tamper(Kept kept) {
            kept.records.set(1, edited(kept.records.get(1), "select 1", "select 9"));
        }
    },
    DELETE("gap") {
        @Override
        void tamper(Kept kept) {
            kept.records.remove(3);
        }
    },
    REORDER("reordered") {
        @Override
        void tamper(Kept kept) {
            Collections.swap(kept.records, 1, 2);
        }
    },
    TRUNCATE("truncated") {
        @Override
        void tamper(Kept kept) {
            kept.records.removeLast();
        }
    },
    INSERT("duplicate") {
        @Override
        void tamper(Kept kept) {
            kept.records.add(3, edited(kept.records.get(1), "select 1", "select 9"));
        }
    },
    /** All of it made anew, without a gap, by somebody who lacks the gateway's key. */
    RESIGN("bad-signature") {
        @Override
        void tamper(Kept kept) {
            kept.records.clear();
            kept.records.addAll(new Chain(kept.sessionId).opened().allowed("select 9").allowed("select 2").allowed("select 3").closed(FORGER).records());
            kept.results.clear();
        }
    },
    EDIT_RESULT("result-changed") {
        @Override
        void tamper(Kept kept) {
            kept.results.set(1, edited(kept.results.get(1), "Ym9i", "Ym9X"));
        }
    },
    DELETE_RESULT("result-changed") {
        @Override
        void tamper(Kept kept) {
            kept.results.remove(1);
        }
    },
    /** The answers of two statements change places. */
    SWAP_RESULTS("result-changed") {
        @Override
        void tamper(Kept kept) {
            String first = "\"statementId\":\"" + kept.sessionId + "-s2\"";
            String second = "\"statementId\":\"" + kept.sessionId + "-s3\"";
            kept.results.replaceAll(result -> text(result).contains(first) ? edited(result, first, second) : edited(result, second, first));
        }
    };

    private static final SigningKey FORGER = SigningKey.generate();

    private final String finding;

    Tampering(String finding) {
        this.finding = finding;
    }

    abstract void tamper(Kept kept);

    /** The records of a session and of its answers. */
    public static final class Kept {
        private final String sessionId;
        private final List<byte[]> records;
        private final List<byte[]> results;

        private Kept(Chain chain) {
            this.sessionId = chain.sessionId();
            this.records = chain.records();
            this.results = chain.results();
        }

        public List<byte[]> records() {
            return records;
        }

        public List<byte[]> results() {
            return results;
        }

        /** Records and results, as they lie in a file. */
        public List<byte[]> all() {
            List<byte[]> all = new ArrayList<>(records);
            all.addAll(results);
            return all;
        }
    }

    /** A session that has two answers of two chunks each. */
    public static Chain genuine(String sessionId) {
        return new Chain(sessionId).opened().allowed("select 1").kept("select 2", "ann", "bob").kept("select 3", "cid", "dan").closed();
    }

    /** What is there of {@link #genuine} after it. */
    public Kept of(String sessionId) {
        var kept = new Kept(genuine(sessionId));
        tamper(kept);
        return kept;
    }

    /** The kind that it is found as, as it is written for people. */
    public String finding() {
        return finding;
    }

    public String sessionId() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static byte[] edited(byte[] record, String from, String to) {
        if (!text(record).contains(from)) {
            throw new AssertionError(from + " is not in " + text(record));
        }
        return text(record).replace(from, to).getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] record) {
        return new String(record, StandardCharsets.UTF_8);
    }
}
