// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire.testing;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The words of a script line: "text", 'bytes' and bare words, with the escapes \" \' \\ \n and \xHH. */
final class Tokens {
    enum Form {
        BARE,
        SINGLE_QUOTED,
        DOUBLE_QUOTED
    }

    private final String line;
    private int position;

    Tokens(String line) {
        this.line = line;
    }

    boolean atEnd() {
        while (position < line.length() && line.charAt(position) == ' ') {
            position++;
        }
        return position == line.length();
    }

    /** Steps over the bare word if it comes next. */
    boolean skip(String word) {
        boolean found = !atEnd() && line.startsWith(word, position);
        if (found) {
            position += word.length();
        }
        return found;
    }

    String nextWord() {
        return new String(next(Form.BARE), StandardCharsets.UTF_8);
    }

    int nextInt() {
        String word = nextWord();
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a number is needed instead of '" + word + "' in: " + line, e);
        }
    }

    byte[] next(Form form) {
        if (atEnd()) {
            throw new IllegalArgumentException("the line ends too early: " + line);
        }
        char end = switch (form) {
            case BARE -> ' ';
            case SINGLE_QUOTED -> '\'';
            case DOUBLE_QUOTED -> '"';
        };
        if (form != Form.BARE && line.charAt(position++) != end) {
            throw new IllegalArgumentException("a word in " + end + " is needed at column " + position + " of: " + line);
        }
        Bytes out = Bytes.bytes();
        while (position < line.length() && line.charAt(position) != end) {
            int codePoint = line.codePointAt(position);
            position += Character.charCount(codePoint);
            if (codePoint == '\\') {
                escaped(out);
            } else {
                out.raw(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
            }
        }
        if (form != Form.BARE && position++ == line.length()) {
            throw new IllegalArgumentException("no closing " + end + " in: " + line);
        }
        return out.toArray();
    }

    private void escaped(Bytes out) {
        char escape = line.charAt(position++);
        switch (escape) {
            case 'n' -> out.int8('\n');
            case 'x' -> {
                out.int8(Integer.parseInt(line, position, position + 2, 16));
                position += 2;
            }
            default -> out.int8(escape);
        }
    }

    static String quote(char quote, byte[] content) {
        return quote + escape(quote, content) + quote;
    }

    /** Printable ASCII as it is, everything else escaped. */
    static String escape(char quote, byte[] content) {
        StringBuilder text = new StringBuilder();
        for (byte b : content) {
            if (b == '\n') {
                text.append("\\n");
            } else if (b == '\\' || b == quote && quote != ' ') {
                text.append('\\').append((char) b);
            } else if (b > ' ' && b < 0x7f || b == ' ' && quote != ' ') {
                text.append((char) b);
            } else {
                text.append("\\x").append(HexFormat.of().toHexDigits(b));
            }
        }
        return text.toString();
    }
}
