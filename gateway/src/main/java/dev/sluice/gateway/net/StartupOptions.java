// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.wire.SqlState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The startup packet's {@code options}: command-line arguments of a PostgreSQL backend, split as pg_split_opts does (white space separates,
 * a backslash keeps the next character), of which only {@code -c name=value} and {@code --name=value} are known here.
 */
final class StartupOptions {
    private StartupOptions() {}

    /** Names and values in order; the last of a name wins. Throws RefusedException for any other switch. */
    static Map<String, String> parse(String options) throws RefusedException {
        Map<String, String> settings = new LinkedHashMap<>();
        List<String> arguments = split(options);
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String assignment;
            if (argument.equals("-c")) {
                i++;
                if (i == arguments.size()) {
                    throw malformed("\"options\" ends with -c where a name=value must follow");
                }
                assignment = arguments.get(i);
            } else if (argument.startsWith("-c") || argument.startsWith("--")) {
                assignment = argument.substring(2);
            } else {
                throw Refusal.of(SqlState.FEATURE_NOT_SUPPORTED, "switch \"" + StartupParameters.shown(argument) + "\" in the startup parameter \"options\" is not allowed through this gateway")
                        .withHint("Only -c name=value and --name=value are.")
                        .asException();
            }
            int equals = assignment.indexOf('=');
            if (equals <= 0) {
                throw malformed("\"" + StartupParameters.shown(argument) + "\" in the startup parameter \"options\" is not of the form name=value");
            }
            settings.put(assignment.substring(0, equals).replace('-', '_'), assignment.substring(equals + 1));
        }
        return settings;
    }

    private static List<String> split(String options) {
        List<String> arguments = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        boolean within = false;
        for (int i = 0; i < options.length(); i++) {
            char c = options.charAt(i);
            if (isSpace(c)) {
                if (within) {
                    arguments.add(current.toString());
                    current.setLength(0);
                    within = false;
                }
            } else {
                within = true;
                if (c == '\\' && i + 1 < options.length()) {
                    i++;
                    current.append(options.charAt(i));
                } else if (c != '\\') {
                    current.append(c);
                }
            }
        }
        if (within) {
            arguments.add(current.toString());
        }
        return arguments;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    private static RefusedException malformed(String message) {
        return Refusal.of(SqlState.PROTOCOL_VIOLATION, message).asException();
    }
}
