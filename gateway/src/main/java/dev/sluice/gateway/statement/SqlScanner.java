// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

/**
 * Splits SQL into tokens by the rules of PostgreSQL's {@code scan.l} with {@code standard_conforming_strings} on: where a token begins and ends,
 * and what kind it is; keywords are not told from other identifiers. Comments and white space are skipped. One pass, no allocation.
 * For one thread. Every character from U+0080 on is part of an identifier, as every byte from 0x80 on is there.
 */
final class SqlScanner {
    enum Kind {
        /** A keyword or an unquoted identifier; also the {@code N} of {@code N'…'}. */
        WORD,
        QUOTED_IDENTIFIER,
        /** {@code U&"…"} */
        UNICODE_IDENTIFIER,
        /** {@code '…'}, {@code E'…'} and {@code $$…$$}, with their continuations on further lines. */
        STRING,
        /** {@code U&'…'} */
        UNICODE_STRING,
        BIT_STRING,
        HEX_STRING,
        /** Fits 32 bits. */
        INTEGER,
        NUMERIC,
        /** {@code $1} */
        PARAMETER,
        OPERATOR,
        /** One of {@code , ( ) [ ] . ; : + - * / % ^ < > =} alone, and any character that begins nothing else. */
        CHARACTER,
        END,
        /** PostgreSQL's scanner raises an error here. */
        ERROR
    }

    private static final byte WORD_START = 1;
    private static final byte DIGIT = 2;
    private static final byte OPERATOR_CHARACTER = 4;
    private static final byte SPACE = 8;
    private static final byte WORD_PART = 16;
    private static final byte[] CLASSES = new byte[128];

    static {
        for (char c = 'a'; c <= 'z'; c++) {
            CLASSES[c] = WORD_START | WORD_PART;
            CLASSES[c - 32] = WORD_START | WORD_PART;
        }
        CLASSES['_'] = WORD_START | WORD_PART;
        CLASSES['$'] = WORD_PART;
        for (char c = '0'; c <= '9'; c++) {
            CLASSES[c] = DIGIT | WORD_PART;
        }
        for (char c : OperatorRules.CHARACTERS.toCharArray()) {
            CLASSES[c] = OPERATOR_CHARACTER;
        }
        for (char c : " \t\n\r\f\u000b".toCharArray()) {
            CLASSES[c] = SPACE;
        }
    }

    private static final int MAXIMUM_OPERATOR = 63;

    private final String sql;
    private final int length;
    private int at;
    private int start;
    private boolean escaped;
    private boolean opaqueEscape;

    SqlScanner(String sql) {
        this(sql, 0);
    }

    /** Begins at {@code from}, between two tokens. */
    SqlScanner(String sql, int from) {
        this.sql = sql;
        this.length = sql.length();
        this.at = from;
    }

    /** Where the last token begins, in UTF-16 units from 0. */
    int start() {
        return start;
    }

    /** Where the last token ends, exclusive. */
    int end() {
        return at;
    }

    /** Which one the last token is, if it is a {@link Kind#PARAMETER}: 1 for {@code $1}. PostgreSQL's scanner takes none beyond 2147483647. */
    int parameter() {
        return Integer.parseInt(sql, start + 1, at, 10);
    }

    /** True if the last token is an {@code E'…'} string. */
    boolean escaped() {
        return escaped;
    }

    /** True if the last token is an {@code E'…'} string with a numeric escape, whose value PostgreSQL's scanner may refuse. */
    boolean opaqueEscape() {
        return opaqueEscape;
    }

    Kind next() {
        escaped = false;
        opaqueEscape = false;
        if (!skipSpace()) {
            return Kind.ERROR;
        }
        start = at;
        if (at >= length) {
            return Kind.END;
        }
        char c = sql.charAt(at);
        int classes = classes(c);
        if ((classes & WORD_START) != 0) {
            return word(c);
        }
        if ((classes & DIGIT) != 0 || (c == '.' && isDigit(peek(1)))) {
            return number();
        }
        if ((classes & OPERATOR_CHARACTER) != 0) {
            return operator();
        }
        return switch (c) {
            case '\'' -> quoted(1, '\'', Kind.STRING);
            case '"' -> quotedIdentifier(1, Kind.QUOTED_IDENTIFIER);
            case '$' -> dollar();
            case ':' -> fixed(peek(1) == ':' || peek(1) == '=' ? 2 : 1);
            case '.' -> fixed(peek(1) == '.' ? 2 : 1);
            default -> fixed(1);
        };
    }

    private static int classes(char c) {
        return c < 128 ? CLASSES[c] : WORD_START | WORD_PART;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The character that many places on, or U+0000 past the end. */
    private char peek(int distance) {
        int index = at + distance;
        return index < length ? sql.charAt(index) : 0;
    }

    private Kind fixed(int characters) {
        at += characters;
        return characters == 1 ? Kind.CHARACTER : Kind.OPERATOR;
    }

    /** Skips white space and comments; false if a comment does not end. */
    private boolean skipSpace() {
        while (at < length) {
            char c = sql.charAt(at);
            if (c < 128 && (CLASSES[c] & SPACE) != 0) {
                at++;
            } else if (c == '-' && peek(1) == '-') {
                at = endOfLine(at + 2);
            } else if (c == '/' && peek(1) == '*') {
                if (!skipComment()) {
                    return false;
                }
            } else {
                return true;
            }
        }
        return true;
    }

    private int endOfLine(int from) {
        int index = from;
        while (index < length && sql.charAt(index) != '\n' && sql.charAt(index) != '\r') {
            index++;
        }
        return index;
    }

    private boolean skipComment() {
        start = at;
        int depth = 0;
        while (at < length) {
            char c = sql.charAt(at);
            if (c == '/' && peek(1) == '*') {
                depth++;
                at += 2;
            } else if (c == '*' && peek(1) == '/') {
                depth--;
                at += 2;
                if (depth == 0) {
                    return true;
                }
            } else {
                at++;
            }
        }
        return false;
    }

    private Kind word(char first) {
        char second = peek(1);
        if (second == '\'') {
            switch (first) {
                case 'e', 'E' -> {
                    return escapeString();
                }
                case 'b', 'B' -> {
                    return quoted(2, '\'', Kind.BIT_STRING);
                }
                case 'x', 'X' -> {
                    return quoted(2, '\'', Kind.HEX_STRING);
                }
                case 'n', 'N' -> {
                    at++;
                    return Kind.WORD;
                }
                default -> {}
            }
        } else if (second == '&' && (first == 'u' || first == 'U')) {
            if (peek(2) == '\'') {
                return quoted(3, '\'', Kind.UNICODE_STRING);
            }
            if (peek(2) == '"') {
                return quotedIdentifier(3, Kind.UNICODE_IDENTIFIER);
            }
        }
        at = endOfWord(at + 1);
        return Kind.WORD;
    }

    private int endOfWord(int from) {
        int index = from;
        while (index < length && (classes(sql.charAt(index)) & WORD_PART) != 0) {
            index++;
        }
        return index;
    }

    /** A quote doubled is part of the text; a quote, white space with a line end in it and another quote go on with it. Bit strings know no doubling. */
    private Kind quoted(int opening, char quote, Kind kind) {
        boolean doubling = kind == Kind.STRING || kind == Kind.UNICODE_STRING;
        int index = at + opening;
        while (true) {
            index = sql.indexOf(quote, index);
            if (index < 0) {
                at = length;
                return Kind.ERROR;
            }
            if (doubling && index + 1 < length && sql.charAt(index + 1) == quote) {
                index += 2;
                continue;
            }
            int continued = continuation(index + 1);
            if (continued < 0) {
                at = index + 1;
                return kind;
            }
            index = continued;
        }
    }

    /** Where the text goes on behind the closing quote at {@code from - 1}, or -1 if it does not. */
    private int continuation(int from) {
        int index = from;
        boolean lineEnd = false;
        while (index < length) {
            char c = sql.charAt(index);
            if (c == '\n' || c == '\r') {
                lineEnd = true;
                index++;
            } else if (c == ' ' || c == '\t' || c == '\f' || c == '\u000b') {
                index++;
            } else if (c == '-' && index + 1 < length && sql.charAt(index + 1) == '-') {
                index = endOfLine(index + 2);
            } else {
                return lineEnd && c == '\'' ? index + 1 : -1;
            }
        }
        return -1;
    }

    private Kind escapeString() {
        escaped = true;
        int index = at + 2;
        while (index < length) {
            char c = sql.charAt(index);
            if (c == '\\') {
                if (index + 1 < length) {
                    char escape = sql.charAt(index + 1);
                    opaqueEscape |= (escape >= '0' && escape <= '7') || escape == 'x' || escape == 'u' || escape == 'U';
                }
                index += 2;
            } else if (c == '\'') {
                if (index + 1 < length && sql.charAt(index + 1) == '\'') {
                    index += 2;
                    continue;
                }
                int continued = continuation(index + 1);
                if (continued < 0) {
                    at = index + 1;
                    return Kind.STRING;
                }
                index = continued;
            } else {
                index++;
            }
        }
        at = length;
        return Kind.ERROR;
    }

    private Kind quotedIdentifier(int opening, Kind kind) {
        int from = at + opening;
        int index = from;
        while (true) {
            index = sql.indexOf('"', index);
            if (index < 0) {
                at = length;
                return Kind.ERROR;
            }
            if (index + 1 < length && sql.charAt(index + 1) == '"') {
                index += 2;
                continue;
            }
            at = index + 1;
            return index == from ? Kind.ERROR : kind;
        }
    }

    /** {@code $1}, {@code $$…$$}, {@code $tag$…$tag$}, or a dollar sign alone. */
    private Kind dollar() {
        char next = peek(1);
        if (isDigit(next)) {
            int index = at + 1;
            while (index < length && isDigit(sql.charAt(index))) {
                index++;
            }
            boolean fits = NumberRules.fitsDecimal(sql, at + 1, index);
            boolean junk = index < length && (classes(sql.charAt(index)) & WORD_START) != 0;
            at = junk ? endOfWord(index) : index;
            return fits && !junk ? Kind.PARAMETER : Kind.ERROR;
        }
        int index = at + 1;
        if (next != '$') {
            while (index < length && sql.charAt(index) != '$' && (classes(sql.charAt(index)) & WORD_PART) != 0) {
                index++;
            }
            boolean named = index > at + 1 && index < length && sql.charAt(index) == '$';
            if (!named) {
                return fixed(1);
            }
        }
        String delimiter = sql.substring(at, index + 1);
        int close = sql.indexOf(delimiter, index + 1);
        at = close < 0 ? length : close + delimiter.length();
        return close < 0 ? Kind.ERROR : Kind.STRING;
    }

    private Kind number() {
        int end = NumberRules.end(sql, at);
        if (end < length && (classes(sql.charAt(end)) & WORD_PART) != 0 && isJunk(end)) {
            at = endOfWord(end);
            return Kind.ERROR;
        }
        boolean integer = NumberRules.isInteger(sql, at, end);
        boolean fits = integer && NumberRules.fitsInteger(sql, at, end);
        at = end;
        return fits ? Kind.INTEGER : Kind.NUMERIC;
    }

    /** A number that runs on as a word: {@code 1a}, {@code 0b12}, {@code 1e5$}. */
    private boolean isJunk(int end) {
        if ((classes(sql.charAt(end)) & WORD_START) != 0) {
            return true;
        }
        for (int i = end - 1; i > at && (classes(sql.charAt(i)) & WORD_PART) != 0; i--) {
            if ((classes(sql.charAt(i)) & WORD_START) != 0) {
                return true;
            }
        }
        return false;
    }

    private Kind operator() {
        int end = OperatorRules.end(sql, at);
        int characters = end - at;
        if (characters == 1 && "+-*/%^<>=".indexOf(sql.charAt(at)) >= 0) {
            return fixed(1);
        }
        at = end;
        return characters > MAXIMUM_OPERATOR ? Kind.ERROR : Kind.OPERATOR;
    }
}
