// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

/**
 * Bounds of a {@link StatementReader}.
 *
 * @param workers threads that parse; each that has work to do holds 128 MiB for its parser
 * @param waiting texts that may wait for a worker; more are refused (53400)
 * @param statementLength UTF-16 units of a text that is read word by word. Texts that differ from a short one only in their constants, and in how many rows
 *     of VALUES they have, may be longer
 * @param tokens of a text, constants and repeated rows of VALUES counted once; one token takes about a tenth of a millisecond
 * @param depth of nested parentheses and brackets
 * @param exactCacheBytes memory for readings by text
 * @param templateCacheBytes memory for readings by template
 */
public record StatementReaderSettings(
        int workers, int waiting, int statementLength, int tokens, int depth, long exactCacheBytes, long templateCacheBytes) {
    public static final StatementReaderSettings DEFAULTS =
            new StatementReaderSettings(2, 10_000, 1 << 20, 20_000, 500, 32L << 20, 32L << 20);

    public StatementReaderSettings {
        atLeast("workers", 1, workers);
        atLeast("waiting", 1, waiting);
        atLeast("statementLength", 1, statementLength);
        atLeast("tokens", 1, tokens);
        atLeast("depth", 1, depth);
        atLeast("exactCacheBytes", 0, exactCacheBytes);
        atLeast("templateCacheBytes", 0, templateCacheBytes);
    }

    private static void atLeast(String key, long minimum, long value) {
        if (value < minimum) {
            throw new IllegalArgumentException(key + " must be at least " + minimum + " and is " + value);
        }
    }
}
