// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import io.netty.channel.ChannelConfig;
import io.netty.channel.socket.nio.NioChannelOption;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.net.SocketOption;
import jdk.net.ExtendedSocketOptions;

/**
 * Finds half-open connections: a peer that is silent for a minute is asked six times, ten seconds apart, and then given up. The operating
 * system's own default is two hours. Where these options are not known, that default stays.
 */
final class KeepAlive {
    private static final int IDLE_SECONDS = 60;
    private static final int INTERVAL_SECONDS = 10;
    private static final int PROBES = 6;

    private KeepAlive() {}

    static void on(NetSocket socket) {
        ChannelConfig config = ((NetSocketInternal) socket).channelHandlerContext().channel().config();
        set(config, ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
        set(config, ExtendedSocketOptions.TCP_KEEPINTERVAL, INTERVAL_SECONDS);
        set(config, ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
    }

    private static void set(ChannelConfig config, SocketOption<Integer> option, int value) {
        if (config.getOptions().keySet().stream().anyMatch(known -> known.name().equals(option.name()))) {
            config.setOption(NioChannelOption.of(option), value);
        }
    }
}
