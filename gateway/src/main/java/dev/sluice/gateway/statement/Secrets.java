// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import java.util.Locale;
import java.util.Set;

/**
 * Takes secrets out of SQL text, token by token, so that it works on text that does not parse as well: strings after PASSWORD and the like,
 * connection strings with a password, and both inside dollar-quoted bodies.
 */
final class Secrets {
    private static final String REPLACEMENT = "'***'";
    private static final Set<String> NAMES =
            Set.of("password", "passwd", "sslpassword", "passphrase", "secret", "secret_key", "secret_access_key", "token", "api_key", "passcode");

    private Secrets() {}

    static String redact(String sql) {
        StringBuilder out = null;
        int copied = 0;
        SqlScanner scanner = new SqlScanner(sql);
        boolean named = false;
        while (true) {
            SqlScanner.Kind kind = scanner.next();
            if (kind == SqlScanner.Kind.END) {
                return out == null ? sql : out.append(sql, copied, sql.length()).toString();
            }
            boolean string = kind == SqlScanner.Kind.STRING || kind == SqlScanner.Kind.UNICODE_STRING || kind == SqlScanner.Kind.ERROR;
            if (string) {
                String token = sql.substring(scanner.start(), scanner.end());
                String replaced = named || scanner.opaqueEscape() || (kind == SqlScanner.Kind.UNICODE_STRING && token.indexOf('\\') >= 0)
                        ? REPLACEMENT
                        : inside(token);
                if (!replaced.equals(token)) {
                    out = out == null ? new StringBuilder(sql.length()) : out;
                    out.append(sql, copied, scanner.start()).append(replaced);
                    copied = scanner.end();
                }
            }
            named = names(sql, scanner, kind, named);
        }
    }

    /** True if the token is a name that a secret follows, or stands between such a name and its secret. */
    private static boolean names(String sql, SqlScanner scanner, SqlScanner.Kind kind, boolean named) {
        return switch (kind) {
            case WORD -> NAMES.contains(lower(sql.substring(scanner.start(), scanner.end())))
                    || (named && scanner.end() - scanner.start() == 1)
                    || (named && lower(sql.substring(scanner.start(), scanner.end())).equals("to"));
            case QUOTED_IDENTIFIER -> NAMES.contains(lower(sql.substring(scanner.start() + 1, scanner.end() - 1)));
            case UNICODE_IDENTIFIER -> true;
            case CHARACTER, OPERATOR -> named && "=(:=".contains(sql.substring(scanner.start(), scanner.end()));
            case STRING, UNICODE_STRING, BIT_STRING, HEX_STRING, INTEGER, NUMERIC, PARAMETER, END, ERROR -> false;
        };
    }

    private static String inside(String token) {
        if (token.startsWith("$")) {
            int end = token.indexOf('$', 1) + 1;
            if (end > 0 && token.length() >= 2 * end) {
                String body = token.substring(end, token.length() - end);
                return token.substring(0, end) + (hides(body) ? redactBody(body) : body) + token.substring(0, end);
            }
        }
        boolean closed = token.length() > 1 && token.endsWith("'");
        return hides(closed ? token.substring(0, token.length() - 1) : token) ? REPLACEMENT : token;
    }

    private static String redactBody(String body) {
        String redacted = redact(body);
        return redacted.equals(body) ? "***" : redacted;
    }

    /** True if the text holds {@code password =}, {@code password '}, or an address with a password in it. */
    private static boolean hides(String text) {
        String lower = lower(text);
        for (String name : NAMES) {
            for (int at = lower.indexOf(name); at >= 0; at = lower.indexOf(name, at + 1)) {
                int next = at + name.length();
                while (next < lower.length() && (Character.isWhitespace(lower.charAt(next)) || lower.charAt(next) == '"')) {
                    next++;
                }
                if (next < lower.length() && "='$:".indexOf(lower.charAt(next)) >= 0) {
                    return true;
                }
            }
        }
        int address = lower.indexOf("://");
        int host = address < 0 ? -1 : lower.indexOf('@', address);
        return host >= 0 && lower.indexOf(':', address + 3) >= 0 && lower.indexOf(':', address + 3) < host;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
