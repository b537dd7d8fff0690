// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The token stream of a text with its constants replaced by their kind: what two texts must share to be read alike. Comments and white space
 * are gone; neighbouring rows of a VALUES list that are alike and hold no parentheses of their own appear once.
 *
 * @param key tokens separated by one blank; a constant is one control character, which begins no token that we let pass
 * @param depth the deepest nesting of parentheses and brackets
 * @param tokens how many, repeated rows of VALUES counted once
 */
record Template(String key, int depth, int tokens) {
    private static final char STRING = '\u0001';
    private static final char INTEGER = '\u0002';
    private static final char NUMERIC = '\u0003';
    private static final char BITS = '\u0004';
    private static final char HEXADECIMAL = '\u0005';
    private static final char PARAMETER = '\u0006';
    private static final String[] REPRESENTATIVES = {"", "'s'", "1", "1.5", "B'1'", "X'1'", "$1"};

    /** Hex digits of the SHA-256 over the key. */
    String fingerprint() {
        return digest(key);
    }

    /**
     * The shortest text of this template: every constant replaced by a fixed one of its kind. What is read out of it holds for every text of the
     * template if nothing in the reading depends on a constant.
     */
    String representative() {
        StringBuilder text = new StringBuilder(key.length() + 32);
        boolean quoted = false;
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            quoted ^= c == '"';
            if (quoted || c > PARAMETER) {
                text.append(c);
            } else {
                text.append(REPRESENTATIVES[c]);
            }
        }
        return text.toString();
    }

    static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** The template of the text, or null if it has none: its tokens are in error, or a constant of it changes how PostgreSQL reads the text. */
    static @Nullable Template of(String sql) {
        return new Builder(sql).build();
    }

    private static final class Builder {
        private final String sql;
        private final SqlScanner scanner;
        private final StringBuilder key;
        private Place place = Place.ELSEWHERE;
        private int rowStart;
        private int rowTokens;
        private int previousStart = -1;
        private int previousEnd;
        private int depth;
        private int deepest;
        private int tokens;

        private Builder(String sql) {
            this.sql = sql;
            scanner = new SqlScanner(sql);
            key = new StringBuilder(Math.min(sql.length(), 65536) + 16);
        }

        private @Nullable Template build() {
            while (true) {
                SqlScanner.Kind kind = scanner.next();
                tokens++;
                int from = key.length();
                switch (kind) {
                    case WORD -> word();
                    case QUOTED_IDENTIFIER, OPERATOR -> verbatim();
                    case CHARACTER -> {
                        if (!character(sql.charAt(scanner.start()))) {
                            return null;
                        }
                    }
                    case STRING -> {
                        if (scanner.opaqueEscape()) {
                            return null;
                        }
                        constant(STRING);
                    }
                    case INTEGER -> constant(INTEGER);
                    case NUMERIC -> constant(NUMERIC);
                    case BIT_STRING -> constant(BITS);
                    case HEX_STRING -> constant(HEXADECIMAL);
                    case PARAMETER -> parameter();
                    case UNICODE_IDENTIFIER, UNICODE_STRING, ERROR -> {
                        return null;
                    }
                    case END -> {
                        return new Template(key.toString(), deepest, tokens - 1);
                    }
                }
                key.append(' ');
                followRows(kind, from);
            }
        }

        private void word() {
            int from = scanner.start();
            int end = scanner.end();
            if (end - from == 1 && end < sql.length() && sql.charAt(end) == '\'' && (sql.charAt(from) | 32) == 'n') {
                key.append("nchar");
            } else {
                key.append(sql, from, end);
            }
        }

        private void verbatim() {
            key.append(sql, scanner.start(), scanner.end());
        }

        private void constant(char marker) {
            key.append(marker);
        }

        private void parameter() {
            if (place == Place.IN_ROW) {
                key.append(PARAMETER);
            } else {
                verbatim();
            }
        }

        private boolean character(char c) {
            switch (c) {
                case '(', '[' -> {
                    depth++;
                    deepest = Math.max(deepest, depth);
                }
                case ')', ']' -> depth--;
                case ',', '.', ';', ':', '+', '-', '*', '/', '%', '^', '<', '>', '=' -> {}
                default -> {
                    return false;
                }
            }
            key.append(c);
            return true;
        }

        /** Follows VALUES (…), (…), … and takes a row back out of the key where it is the same as the row before it. */
        private void followRows(SqlScanner.Kind kind, int from) {
            char c = kind == SqlScanner.Kind.CHARACTER ? key.charAt(from) : 0;
            rowTokens++;
            switch (place) {
                case ELSEWHERE -> {
                    if (kind == SqlScanner.Kind.WORD && isValues(from)) {
                        place = Place.BEFORE_ROW;
                        previousStart = -1;
                    }
                }
                case BEFORE_ROW -> {
                    place = c == '(' ? Place.IN_ROW : Place.ELSEWHERE;
                    rowStart = from;
                    rowTokens = 1;
                }
                case IN_ROW -> {
                    if (c == ')') {
                        place = Place.AFTER_ROW;
                        endRow();
                    } else if (c == '(' || c == ';') {
                        place = Place.ELSEWHERE;
                    }
                }
                case AFTER_ROW -> place = c == ',' ? Place.BEFORE_ROW : Place.ELSEWHERE;
            }
        }

        private void endRow() {
            int rowLength = key.length() - rowStart;
            boolean same = previousStart >= 0 && previousEnd - previousStart == rowLength && sameRow(rowLength);
            if (same) {
                key.setLength(previousEnd);
                tokens -= rowTokens + 1;
            } else {
                previousStart = rowStart;
                previousEnd = key.length();
            }
        }

        private boolean sameRow(int rowLength) {
            for (int i = 0; i < rowLength; i++) {
                if (key.charAt(previousStart + i) != key.charAt(rowStart + i)) {
                    return false;
                }
            }
            return true;
        }

        private boolean isValues(int from) {
            return key.length() - from == 7 && sql.regionMatches(true, scanner.start(), "values", 0, 6);
        }
    }

    /** Where the scanner is with respect to a list of VALUES. */
    private enum Place { ELSEWHERE, BEFORE_ROW, IN_ROW, AFTER_ROW }
}
