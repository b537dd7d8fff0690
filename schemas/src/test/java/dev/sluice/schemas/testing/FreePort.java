// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers that must know theirs before they listen. */
public final class FreePort {
    private static final int ATTEMPTS = 100;
    private static final int FROM = 15_000;
    private static final int BELOW = 32_000;

    private FreePort() {}

    /**
     * A port of 127.0.0.1 that nobody listens on. It lies below those that the system deals out by itself, so that no connection of anybody's takes it before
     * its server does; a port asked of the system is dealt out again as soon as it is given back.
     *
     * @throws IOException if none was found
     */
    public static int take() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FROM, BELOW);
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                continue;
            }
        }
        throw new IOException("of " + ATTEMPTS + " ports between " + FROM + " and " + BELOW + " none is free");
    }
}
