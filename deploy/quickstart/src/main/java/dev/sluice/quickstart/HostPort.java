// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

/**
 * Where something listens.
 *
 * @param port 0 to 65535; 0 lets the operating system choose
 */
public record HostPort(String host, int port) {
    public HostPort {
        if (host.isBlank()) {
            throw new IllegalArgumentException("the host is empty");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
        }
    }

    /** Reads {@code host:port}, {@code [ipv6]:port} or a bare port, which means loopback. */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            return new HostPort(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("'" + text + "' is not HOST:PORT", notANumber);
        }
    }

    /** The address {@code offset} ports above this one; an ephemeral port stays ephemeral. */
    public HostPort plus(int offset) {
        return port == 0 ? this : new HostPort(host, port + offset);
    }

    /** As it stands in a URL. */
    public String authority() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** True when only this machine can reach it. */
    public boolean isLoopback() {
        return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }

    @Override
    public String toString() {
        return authority();
    }
}
