// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import io.netty.channel.unix.DomainSocketAddress;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Where a socket's other end is, as the operating system says it, never by a name. */
final class Addresses {
    private Addresses() {}

    /** A loopback address or a Unix-domain socket: the bytes do not leave this machine. */
    static boolean isLoopback(NetSocket socket) {
        return switch (remote(socket)) {
            case InetSocketAddress inet -> inet.getAddress() != null && inet.getAddress().isLoopbackAddress();
            case DomainSocketAddress _ -> true;
            default -> false;
        };
    }

    /** Host and port, IPv6 in brackets. */
    static String shown(NetSocket socket) {
        String host = host(socket);
        return remote(socket) instanceof InetSocketAddress inet ? (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + inet.getPort() : host;
    }

    /** The address without its port: what limits count by. */
    static String host(NetSocket socket) {
        return remote(socket) instanceof InetSocketAddress inet && inet.getAddress() != null ? inet.getAddress().getHostAddress() : "local";
    }

    private static SocketAddress remote(NetSocket socket) {
        SocketAddress address = ((NetSocketInternal) socket).channelHandlerContext().channel().remoteAddress();
        // A connection that has ended already has none.
        return address == null ? InetSocketAddress.createUnresolved("unknown", 0) : address;
    }
}
