// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of SQL text, token by token, so that it works on text that does not parse as well: strings after PASSWORD and the like,
 * connection strings with a password, and both inside dollar-quoted bodies. How a string is written decides nothing, only what it stands for: else
 * whoever writes the statement could choose what of it people do not see.
 */
final class Secrets {
    private static final String REPLACEMENT = "'***'";
    /** Bodies within bodies; what is deeper is taken out whole. */
    private static final int DEEPEST = 8;
    private static final Set<String> NAMES =
            Set.of("password", "passwd", "sslpassword", "passphrase", "secret", "secret_key", "secret_access_key", "token", "api_key", "passcode");

    /** Within one line, and nothing that could end a comment or a string is taken out with the word. */
    private static final Pattern NAMED_WORD = Pattern.compile("(?i)((?:" + String.join("|", NAMES) + ")\"?[ \\t]*(?::=|=|:)[ \\t]*)[\\w.~!@#%^&+?]+");

    private static final Pattern ADDRESS = Pattern.compile("(://[^\\s:@/'\"();$*]*:)[^\\s@/'\"();$*]+(?=@)");

    private final String sql;
    private final int depth;
    private final SqlScanner scanner;
    private @Nullable StringBuilder out;
    private int copied;
    private int hidden;

    /** @param hidden how many constants have been taken out; with none it is the text as it was */
    record Redacted(String sql, int hidden) {}

    private Secrets(String sql, int depth) {
        this.sql = sql;
        this.depth = depth;
        scanner = new SqlScanner(sql);
    }

    static Redacted redact(String sql) {
        return new Secrets(sql, 0).redact();
    }

    private Redacted redact() {
        boolean named = false;
        while (true) {
            SqlScanner.Kind kind = scanner.next();
            int start = scanner.start();
            int end = scanner.end();
            boolean escaped = scanner.escaped();
            StringValues.Uescape uescape = null;
            if (kind == SqlScanner.Kind.UNICODE_STRING || kind == SqlScanner.Kind.UNICODE_IDENTIFIER) {
                uescape = StringValues.uescape(sql, end);
            }
            char escape = uescape == null ? StringValues.USUAL_ESCAPE : uescape.character();
            switch (kind) {
                case END -> {
                    return new Redacted(out == null ? sql : out.append(sql, copied, sql.length()).toString(), hidden);
                }
                case STRING, ERROR -> string(start, end, named, escaped);
                case UNICODE_STRING -> {
                    if (named || hides(StringValues.ofUnicodeString(sql.substring(start, end), escape))) {
                        replace(start, end, REPLACEMENT, 1);
                    }
                }
                case QUOTED_IDENTIFIER -> {
                    // In the languages of bodies these are strings too.
                    if (named && depth > 0) {
                        replace(start, end, REPLACEMENT, 1);
                    }
                }
                case WORD, UNICODE_IDENTIFIER, BIT_STRING, HEX_STRING, INTEGER, NUMERIC, PARAMETER, OPERATOR, CHARACTER -> {}
            }
            named = names(kind, start, end, named, escape);
            while (uescape != null && scanner.end() < uescape.end()) {
                scanner.next();
            }
        }
    }

    private void string(int start, int end, boolean named, boolean escaped) {
        String token = sql.substring(start, end);
        if (named) {
            replace(start, end, REPLACEMENT, 1);
        } else if (token.startsWith("$")) {
            body(token, start, end);
        } else if (hides(StringValues.ofString(token, escaped))) {
            replace(start, end, REPLACEMENT, 1);
        }
    }

    private void body(String token, int start, int end) {
        int delimiter = token.indexOf('$', 1) + 1;
        if (delimiter == 0 || token.length() < 2 * delimiter) {
            if (hides(token)) {
                replace(start, end, REPLACEMENT, 1);
            }
            return;
        }
        String body = token.substring(delimiter, token.length() - delimiter);
        if (!hides(body)) {
            return;
        }
        if (depth == DEEPEST) {
            replace(start, end, REPLACEMENT, 1);
            return;
        }
        Redacted redacted = new Secrets(body, depth + 1).redact();
        if (redacted.hidden() == 0) {
            redacted = words(body);
        }
        if (redacted.hidden() > 0) {
            String quote = token.substring(0, delimiter);
            replace(start, end, quote + redacted.sql() + quote, redacted.hidden());
        }
    }

    private void replace(int start, int end, String replacement, int constants) {
        StringBuilder to = out == null ? new StringBuilder(sql.length()) : out;
        out = to.append(sql, copied, start).append(replacement);
        copied = end;
        hidden += constants;
    }

    /** True if the token is a name that a secret follows, or stands between such a name and its secret. */
    private boolean names(SqlScanner.Kind kind, int start, int end, boolean named, char escape) {
        return switch (kind) {
            case WORD -> NAMES.contains(lower(sql.substring(start, end)))
                    || (named && end - start == 1)
                    || (named && lower(sql.substring(start, end)).equals("to"));
            case QUOTED_IDENTIFIER -> NAMES.contains(lower(sql.substring(start + 1, end - 1)));
            case UNICODE_IDENTIFIER -> NAMES.contains(lower(StringValues.ofUnicodeIdentifier(sql.substring(start, end), escape)));
            case CHARACTER, OPERATOR -> named && "=(:=".contains(sql.substring(start, end));
            case STRING, UNICODE_STRING, BIT_STRING, HEX_STRING, INTEGER, NUMERIC, PARAMETER, END, ERROR -> false;
        };
    }

    /** What is no SQL (a connection string, a command of a shell): the words behind the names, and no more. */
    private static Redacted words(String body) {
        int found = 0;
        String text = body;
        for (Pattern pattern : List.of(NAMED_WORD, ADDRESS)) {
            Matcher matcher = pattern.matcher(text);
            found += (int) matcher.results().count();
            text = matcher.reset().replaceAll("$1***");
        }
        return new Redacted(text, found);
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
