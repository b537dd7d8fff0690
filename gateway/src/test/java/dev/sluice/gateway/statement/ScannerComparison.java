// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts the tokens of our scanner and of libpg_query's side by side, as text. */
final class ScannerComparison {
    private static final Pattern TOKEN = Pattern.compile("\\{\"start\":(\\d+),\"end\":(\\d+),\"text\":\".*?\",\"tokenType\":(\\d+),\"tokenName\"", Pattern.DOTALL);
    private static final int SQL_COMMENT = 275;
    private static final int C_COMMENT = 276;

    private final WasmParser parser = new WasmParser(256L << 20);

    /** PostgreSQL's tokens: where each begins and ends, and its class; or the one word {@code error}. */
    List<String> theirs(String sql) {
        if (sql.isEmpty()) {
            return List.of();
        }
        byte[] utf8 = sql.getBytes(StandardCharsets.UTF_8);
        String json = parser.scan(utf8);
        if (!json.startsWith("{\"version\":")) {
            return List.of("error");
        }
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(json);
        while (matcher.find()) {
            int type = Integer.parseInt(matcher.group(3));
            if (type != SQL_COMMENT && type != C_COMMENT) {
                int start = units(utf8, Integer.parseInt(matcher.group(1)));
                int end = units(utf8, Integer.parseInt(matcher.group(2)));
                tokens.add(start + "-" + end + " " + theirClass(type));
            }
        }
        return tokens;
    }

    /** Our tokens in the same form. */
    static List<String> ours(String sql) {
        List<String> tokens = new ArrayList<>();
        SqlScanner scanner = new SqlScanner(sql);
        SqlScanner.Kind kind = scanner.next();
        while (kind != SqlScanner.Kind.END) {
            if (kind == SqlScanner.Kind.ERROR) {
                return List.of("error");
            }
            tokens.add(scanner.start() + "-" + scanner.end() + " " + ourClass(kind));
            kind = scanner.next();
        }
        return tokens;
    }

    private static int units(byte[] utf8, int bytes) {
        return new String(utf8, 0, bytes, StandardCharsets.UTF_8).length();
    }

    private static String theirClass(int type) {
        return switch (type) {
            case 259 -> "unicode identifier";
            case 260 -> "numeric";
            case 261 -> "string";
            case 262 -> "unicode string";
            case 263 -> "bits";
            case 264 -> "hex";
            case 266 -> "integer";
            case 267 -> "parameter";
            case 265, 268, 269, 270, 271, 272, 273, 274 -> "sign";
            default -> type < 256 ? "sign" : "word";
        };
    }

    private static String ourClass(SqlScanner.Kind kind) {
        return switch (kind) {
            case WORD, QUOTED_IDENTIFIER -> "word";
            case UNICODE_IDENTIFIER -> "unicode identifier";
            case STRING -> "string";
            case UNICODE_STRING -> "unicode string";
            case BIT_STRING -> "bits";
            case HEX_STRING -> "hex";
            case INTEGER -> "integer";
            case NUMERIC -> "numeric";
            case PARAMETER -> "parameter";
            case OPERATOR, CHARACTER -> "sign";
            case END, ERROR -> "error";
        };
    }
}
