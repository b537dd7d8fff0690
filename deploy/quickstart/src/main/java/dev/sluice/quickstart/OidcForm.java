// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * The parameters of a token request: the form, and the client's name and secret from the form or from the Basic header (RFC 6749, 2.3.1:
 * both halves are form-encoded before they are joined).
 */
record OidcForm(HttpServerRequest request, String clientId, String clientSecret) {
    private static final String BASIC = "Basic ";

    static OidcForm of(HttpServerRequest request) {
        String header = request.getHeader("authorization");
        if (header != null && header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            try {
                String pair = new String(Base64.getDecoder().decode(header.substring(BASIC.length()).strip()), StandardCharsets.UTF_8);
                int colon = pair.indexOf(':');
                if (colon >= 0) {
                    return new OidcForm(request, decode(pair.substring(0, colon)), decode(pair.substring(colon + 1)));
                }
            } catch (IllegalArgumentException notBasic) {
                return new OidcForm(request, "", "");
            }
        }
        return new OidcForm(request, valueIn(request, "client_id"), valueIn(request, "client_secret"));
    }

    /** A form field, empty when absent. */
    String value(String name) {
        return valueIn(request, name);
    }

    /** Compares secrets in a time that does not depend on where they differ. */
    static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private static String valueIn(HttpServerRequest request, String name) {
        String value = request.getFormAttribute(name);
        return value == null ? "" : value;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
