// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.statement.Traceparent;
import dev.sluice.gateway.wire.SqlState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client may set in its startup packet when the gateway logs in for it. A setting that is not on the list could change what a
 * judged statement means (role, session_authorization, standard_conforming_strings) or reach further than the client's own session.
 */
final class StartupParameters {
    /** Prefix of protocol options (protocol 3, "NegotiateProtocolVersion"). */
    static final String PROTOCOL_OPTION = "_pq_.";

    /** The gateway's own: what the session's statements are part of, as W3C Trace Context has it. */
    static final String TRACEPARENT = "sluice.traceparent";

    /** Settings in lower case: PostgreSQL takes their names in any case. */
    private static final Set<String> ALLOWED = Set.of(
            "application_name",
            "bytea_output",
            "client_encoding",
            "client_min_messages",
            "datestyle",
            "default_transaction_deferrable",
            "default_transaction_isolation",
            "default_transaction_read_only",
            "extra_float_digits",
            "geqo",
            "idle_in_transaction_session_timeout",
            "idle_session_timeout",
            "intervalstyle",
            "jit",
            "lc_monetary",
            "lc_numeric",
            "lc_time",
            "lock_timeout",
            "plan_cache_mode",
            "search_path",
            "standard_conforming_strings",
            "statement_timeout",
            "tcp_keepalives_count",
            "tcp_keepalives_idle",
            "tcp_keepalives_interval",
            "tcp_user_timeout",
            "timezone",
            "transaction_timeout",
            "xmloption");

    private StartupParameters() {}

    /**
     * The settings to send upstream, from {@code options} first and from the packet's own over them, as PostgreSQL applies them.
     *
     * @param parameters of the startup packet without user, database, replication and protocol options
     * @throws RefusedException naming the parameter
     */
    static Map<String, String> allowed(Map<String, String> parameters) throws RefusedException {
        Map<String, String> settings = new LinkedHashMap<>();
        String options = parameters.get("options");
        if (options != null) {
            StartupOptions.parse(options).forEach((name, value) -> settings.put(name.toLowerCase(Locale.ROOT), value));
        }
        parameters.forEach((name, value) -> {
            if (!name.equals("options")) {
                settings.put(name.toLowerCase(Locale.ROOT), value);
            }
        });
        settings.remove(TRACEPARENT);
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            check(setting.getKey(), setting.getValue());
        }
        // Statements are judged as UTF-8 text, so the server must read them as UTF-8 too.
        settings.put("client_encoding", "UTF8");
        return settings;
    }

    /**
     * The {@value #TRACEPARENT} of the startup packet, given by itself or in {@code options}; null without one.
     *
     * @throws RefusedException when it is not valid
     */
    static @Nullable String traceparent(Map<String, String> parameters) throws RefusedException {
        String value = parameters.get(TRACEPARENT);
        String options = parameters.get("options");
        if (value == null && options != null && options.contains(TRACEPARENT)) {
            value = inOptions(options);
        }
        if (value != null && !Traceparent.isValid(value)) {
            throw Refusal.of(SqlState.INVALID_PARAMETER_VALUE, "invalid value for parameter \"" + TRACEPARENT + "\": \"" + shown(value) + "\"")
                    .withHint("It must be a traceparent of W3C Trace Context, such as 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.")
                    .asException();
        }
        return value;
    }

    private static @Nullable String inOptions(String options) {
        try {
            return StartupOptions.parse(options).get(TRACEPARENT);
        } catch (RefusedException otherSwitches) {
            // Whether these are allowed is not for this to say: a login that is passed through may have them.
            return null;
        }
    }

    /** Names of the options that begin with {@value #PROTOCOL_OPTION}. We know none. */
    static List<String> protocolOptions(Map<String, String> parameters) {
        return parameters.keySet().stream().filter(name -> name.startsWith(PROTOCOL_OPTION)).toList();
    }

    /** Whether the value of {@code replication} asks for anything but an ordinary session. Values as PostgreSQL's parse_bool. */
    static boolean asksForReplication(@Nullable String value) {
        if (value == null) {
            return false;
        }
        String lower = value.toLowerCase(Locale.ROOT);
        boolean no = !lower.isEmpty() && ("false".startsWith(lower) || "no".startsWith(lower) || lower.equals("of") || lower.equals("off") || lower.equals("0"));
        return !no;
    }

    private static void check(String name, String value) throws RefusedException {
        if (!ALLOWED.contains(name)) {
            throw Refusal.of(SqlState.FEATURE_NOT_SUPPORTED, "startup parameter \"" + shown(name) + "\" is not allowed through this gateway")
                    .withHint("Leave it out of the connection string, or set it by a statement, which is then judged as every other.")
                    .asException();
        }
        if (name.equals("client_encoding") && !isUtf8(value)) {
            throw Refusal.of(SqlState.FEATURE_NOT_SUPPORTED, "client_encoding must be UTF8 through this gateway, not \"" + shown(value) + "\"")
                    .withHint("Statements are judged as UTF-8 text. Set client_encoding to UTF8.")
                    .asException();
        }
        if (name.equals("standard_conforming_strings") && !isOn(value)) {
            throw Refusal.of(SqlState.FEATURE_NOT_SUPPORTED, "standard_conforming_strings must be on through this gateway")
                    .asException();
        }
    }

    /** As pg_char_to_encoding: case and punctuation do not count. */
    private static boolean isUtf8(String encoding) {
        String plain = encoding.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return plain.equals("utf8") || plain.equals("unicode");
    }

    private static boolean isOn(String value) {
        return Set.of("on", "true", "yes", "1").contains(value.toLowerCase(Locale.ROOT));
    }

    /** A piece of the client's text that may stand in a message: bounded and printable. */
    static String shown(String text) {
        String cut = text.length() > 63 ? text.substring(0, 63) + "…" : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
