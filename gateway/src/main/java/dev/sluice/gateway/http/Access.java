// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.http;

import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.regex.Pattern;

/** Who may use a route of the control API. */
enum Access {
    /** Whoever reaches the address: says nothing about people, statements or policy. */
    ANYONE,
    /** Programs on the same machine that address it by a loopback name, so that no web page can reach it by a name of its own. */
    LOOPBACK;

    private static final Pattern LOOPBACK_ADDRESS = Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|::1|0:0:0:0:0:0:0:1");
    private static final Pattern LOOPBACK_HOST = Pattern.compile("(localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[?::1]?)");

    boolean permits(RoutingContext context) {
        return switch (this) {
            case ANYONE -> true;
            case LOOPBACK -> isLoopback(context.request().remoteAddress().hostAddress())
                    && context.request().authority() != null
                    && LOOPBACK_HOST.matcher(context.request().authority().host().toLowerCase(Locale.ROOT)).matches();
        };
    }

    private static boolean isLoopback(String address) {
        return address != null && LOOPBACK_ADDRESS.matcher(address).matches();
    }
}
