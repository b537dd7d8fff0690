// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import java.util.HashMap;
import java.util.Map;

/**
 * The run-time parameters that the server reports and that change the meaning of text. Our reader takes UTF-8 and
 * {@code standard_conforming_strings = on} for granted; where the session differs, only text that reads the same either way is readable.
 */
final class SessionSettings {
    private final Map<String, String> reported = new HashMap<>();

    SessionSettings(Map<String, String> atStartup) {
        reported.putAll(atStartup);
    }

    void reported(String name, String value) {
        reported.put(name, value);
    }

    String value(String name) {
        return reported.getOrDefault(name, "");
    }

    /**
     * Whether the server reads {@code sql} as we do. With another client encoding, only ASCII is the same text (every client encoding of
     * PostgreSQL keeps bytes below 0x80 for ASCII outside of multi-byte characters). With {@code standard_conforming_strings = off} a
     * backslash in a plain string escapes, so text without a backslash is the same.
     */
    boolean readable(String sql) {
        return (readsUtf8() || sql.chars().allMatch(c -> c < 0x80)) && (standardStrings() || sql.indexOf('\\') < 0);
    }

    private boolean readsUtf8() {
        String encoding = value("client_encoding");
        return encoding.equalsIgnoreCase("UTF8") || encoding.equalsIgnoreCase("UNICODE");
    }

    private boolean standardStrings() {
        return !value("standard_conforming_strings").equals("off");
    }
}
