// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A target as one connection URI, as in section 34.1.1.2 of PostgreSQL's manual, with {@code credential} as a parameter of our own.
 * No message shows the URI itself: it may hold a password.
 */
final class PostgresUrl {
    /** The key of {@link TargetConfig} that holds such a URI. */
    static final String KEY = "url";

    /** Parameters of the URI and the keys of {@link TargetConfig} that they set. */
    private static final Map<String, String> PARAMETERS = Map.of(
            "sslmode", "sslMode",
            "sslrootcert", "rootCertificate",
            "sslcert", "clientCertificate",
            "sslkey", "clientKey",
            "connect_timeout", "connectTimeout",
            "credential", "credential",
            "catalog_user", "catalogUser",
            "catalog_password_file", "catalogPasswordFile",
            "user", "user",
            "password", "password");

    private PostgresUrl() {}

    /**
     * The keys of {@link TargetConfig} that the URI sets, as they would be written in the file.
     *
     * @throws IllegalArgumentException if it is no such URI; the message begins in the middle of a sentence, after the key's name
     */
    static Map<String, String> expand(String url) {
        URI uri = parse(url);
        if (uri.getScheme() == null || !(uri.getScheme().equals("postgres") || uri.getScheme().equals("postgresql"))) {
            throw new IllegalArgumentException("must begin with postgres:// or postgresql://");
        }
        if (uri.getRawAuthority() != null && uri.getHost() == null) {
            throw new IllegalArgumentException("must name one host, as in postgres://user@host:5432/database; special characters are %-escaped");
        }
        Map<String, String> settings = new LinkedHashMap<>();
        if (uri.getHost() != null) {
            settings.put("host", uri.getHost().replace("[", "").replace("]", ""));
        }
        if (uri.getPort() >= 0) {
            settings.put("port", Integer.toString(uri.getPort()));
        }
        if (uri.getRawUserInfo() != null) {
            String[] login = uri.getRawUserInfo().split(":", 2);
            settings.put("user", decode(login[0]));
            if (login.length == 2) {
                settings.put("password", decode(login[1]));
            }
        }
        if (uri.getRawPath() != null && uri.getRawPath().length() > 1) {
            settings.put("database", decode(uri.getRawPath().substring(1)));
        }
        if (uri.getRawQuery() != null) {
            parameters(uri.getRawQuery(), settings);
        }
        return settings;
    }

    private static URI parse(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException unreadable) {
            throw new IllegalArgumentException(
                    "is no URI: " + unreadable.getReason() + " at character " + (unreadable.getIndex() + 1) + "; special characters are %-escaped");
        }
    }

    private static void parameters(String query, Map<String, String> settings) {
        for (String parameter : query.split("&", -1)) {
            String[] pair = parameter.split("=", 2);
            String key = PARAMETERS.get(pair[0]);
            if (key == null) {
                throw new IllegalArgumentException(
                        "has the parameter '" + pair[0] + "', which is not known" + Suggestion.among(PARAMETERS.keySet(), pair[0]));
            }
            if (pair.length < 2 || pair[1].isEmpty()) {
                throw new IllegalArgumentException("has the parameter '" + pair[0] + "' without a value");
            }
            String value = decode(pair[1]);
            String setting = key.equals("connectTimeout") && value.matches("\\d+") ? value + "s" : value;
            if (settings.putIfAbsent(key, setting) != null) {
                throw new IllegalArgumentException("gives '" + pair[0] + "' twice");
            }
        }
    }

    /** Percent-decoding alone: unlike in a form, a plus sign is itself. */
    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
