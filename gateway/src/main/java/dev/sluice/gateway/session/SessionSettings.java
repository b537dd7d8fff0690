// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The run-time parameters that the server reports and that change the meaning of text. Our reader takes UTF-8 and
 * {@code standard_conforming_strings = on} for granted; where the session differs, only text that reads the same either way is readable.
 */
final class SessionSettings {
    private static final Set<String> WATCHED = Set.of("client_encoding", "standard_conforming_strings", "search_path", "server_version");

    /** {@code 18.1}, {@code 17.4 (Debian 17.4-1)}, {@code 19beta2}. */
    private static final Pattern MAJOR = Pattern.compile("(\\d{1,3})(?!\\d)");

    private final Map<String, String> reported = new HashMap<>();
    private boolean everDeviated;

    SessionSettings(Map<String, String> atStartup) {
        atStartup.forEach(this::reported);
    }

    void reported(String name, String value) {
        if (WATCHED.contains(name)) {
            reported.put(name, value);
            everDeviated |= (name.equals("client_encoding") && !readsUtf8()) || !standardStrings();
        }
    }

    String value(String name) {
        return reported.getOrDefault(name, "");
    }

    /** The server's major version, such as 18; 0 where it is not known. */
    int serverMajor() {
        Matcher matcher = MAJOR.matcher(value("server_version"));
        return matcher.lookingAt() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /**
     * Whether the server reads {@code sql} as we do. With another client encoding, only ASCII is the same text (every client encoding of
     * PostgreSQL keeps bytes below 0x80 for ASCII outside of multi-byte characters). With {@code standard_conforming_strings = off} a
     * backslash in a plain string escapes, so text without a backslash is the same.
     */
    boolean readable(String sql) {
        return (readsUtf8() || sql.chars().allMatch(c -> c < 0x80)) && (standardStrings() || sql.indexOf('\\') < 0);
    }

    /** Whether the text is the same under every encoding and either way of reading strings. */
    static boolean isPlain(String sql) {
        for (int i = 0; i < sql.length(); i++) {
            if (sql.charAt(i) >= 0x80 || sql.charAt(i) == '\\') {
                return false;
            }
        }
        return true;
    }

    /** Whether there is another state than ours to which an aborted transaction or an ended function may return this session. */
    boolean everDeviated() {
        return everDeviated;
    }

    /** Whether texts come and go in UTF-8, as far as the server has reported. */
    boolean readsUtf8() {
        String encoding = value("client_encoding");
        return encoding.equalsIgnoreCase("UTF8") || encoding.equalsIgnoreCase("UNICODE");
    }

    private boolean standardStrings() {
        return !value("standard_conforming_strings").equals("off");
    }
}
