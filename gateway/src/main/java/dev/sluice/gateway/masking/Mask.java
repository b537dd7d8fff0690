// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is shown in place of a value. NULL stays NULL. */
public sealed interface Mask {
    /** A constant of the column's type: {@code ***}, zero, false, 1970-01-01, and NULL where no constant says "nothing". */
    record Redact() implements Mask {}

    /**
     * The ends of a text; what is between becomes {@code ****}, however long it was. A value that would show more than half of itself is
     * hidden whole. Types other than text are redacted.
     */
    record Partial(int keepFirst, int keepLast) implements Mask {}

    /** A text that is the same for the same value, and tells nothing about it without the key. Types that cannot hold it become NULL. */
    record Hash() implements Mask {}

    /** Like a hash, in the shape of the value: digits for digits, letters for letters. Texts and numbers; the rest becomes NULL. */
    record Tokenize() implements Mask {}

    /** NULL. */
    record Nullify() implements Mask {}

    /**
     * A coarser value.
     *
     * @param to for dates and timestamps
     * @param bucket for numbers: the largest multiple of this that is not above the value
     */
    record Generalize(@Nullable Precision to, @Nullable BigDecimal bucket) implements Mask {}

    /** No value: a statement that uses the column is refused. */
    record Deny() implements Mask {}

    /** A json or jsonb document in which only some values are masked. */
    record WithinJson(List<PathMask> paths) implements Mask {
        public WithinJson {
            paths = List.copyOf(paths);
        }
    }

    /** A mask for what a path leads to. */
    record PathMask(JsonPath path, Mask mask) {}

    /** What {@code generalize} leaves of a point in time. */
    enum Precision {
        YEAR,
        QUARTER,
        MONTH,
        DAY,
        HOUR
    }

    /** As a policy writes it, without terms. */
    default String word() {
        return switch (this) {
            case Redact redact -> "redact";
            case Partial partial -> "partial";
            case Hash hash -> "hash";
            case Tokenize tokenize -> "tokenize";
            case Nullify nullify -> "nullify";
            case Generalize generalize -> "generalize";
            case Deny deny -> "deny";
            case WithinJson within -> "within-json";
        };
    }

    /** Which of two masks for the same column applies: the one that shows less; where neither does, nothing but {@link Redact} is safe. */
    static Mask stricter(Mask one, Mask other) {
        if (one.equals(other)) {
            return one;
        }
        if (one instanceof WithinJson(List<PathMask> paths) && other instanceof WithinJson(List<PathMask> more)) {
            return new WithinJson(java.util.stream.Stream.concat(paths.stream(), more.stream()).distinct().toList());
        }
        int difference = one.strictness() - other.strictness();
        if (difference != 0) {
            return difference > 0 ? one : other;
        }
        return new Redact();
    }

    /** The larger, the less is shown. */
    private int strictness() {
        return switch (this) {
            case Deny() -> 6;
            case Nullify() -> 5;
            case Redact() -> 4;
            case Hash() -> 3;
            case Tokenize() -> 2;
            case Partial ignored -> 1;
            case Generalize ignored -> 1;
            case WithinJson ignored -> 0;
        };
    }

    /** Whether equal values stay equal and different ones different under it, so that grouping tells nothing more. */
    default boolean keepsEquality() {
        return this instanceof Hash || this instanceof Tokenize;
    }
}
