// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Addresses that are nobody's on the public Internet (IANA's special-purpose registries, RFC 6890): a receiver there is this machine, the network around it, or a cloud's metadata service. */
public final class SpecialAddress {
    private static final List<Block> BLOCKS = List.of(
            Block.of("0.0.0.0", 8),
            Block.of("10.0.0.0", 8),
            Block.of("100.64.0.0", 10),
            Block.of("127.0.0.0", 8),
            Block.of("169.254.0.0", 16),
            Block.of("172.16.0.0", 12),
            Block.of("192.0.0.0", 24),
            Block.of("192.0.2.0", 24),
            Block.of("192.88.99.0", 24),
            Block.of("192.168.0.0", 16),
            Block.of("198.18.0.0", 15),
            Block.of("198.51.100.0", 24),
            Block.of("203.0.113.0", 24),
            Block.of("224.0.0.0", 4),
            Block.of("240.0.0.0", 4),
            Block.of("::", 96),
            Block.of("100::", 64),
            Block.of("2001::", 23),
            Block.of("2001:db8::", 32),
            Block.of("3fff::", 20),
            Block.of("5f00::", 16),
            Block.of("fc00::", 7),
            Block.of("fe80::", 10),
            Block.of("fec0::", 10),
            Block.of("ff00::", 8));
    private static final Block NAT64 = Block.of("64:ff9b::", 96);
    private static final Block NAT64_LOCAL = Block.of("64:ff9b:1::", 48);
    private static final Block SIX_TO_FOUR = Block.of("2002::", 16);

    private SpecialAddress() {}

    /** Whether {@code address}, or the IPv4 address that it stands for, is one. */
    public static boolean is(InetAddress address) {
        byte[] bytes = address.getAddress();
        return switch (address) {
            case Inet4Address _ -> isListed(bytes);
            case Inet6Address _ -> {
                byte[] embedded = embedded(bytes);
                yield isListed(bytes) || NAT64_LOCAL.contains(bytes) || (embedded != null && isListed(embedded));
            }
            default -> true;
        };
    }

    private static byte @Nullable [] embedded(byte[] bytes) {
        if (NAT64.contains(bytes)) {
            return Arrays.copyOfRange(bytes, 12, 16);
        }
        return SIX_TO_FOUR.contains(bytes) ? Arrays.copyOfRange(bytes, 2, 6) : null;
    }

    private static boolean isListed(byte[] bytes) {
        return BLOCKS.stream().anyMatch(block -> block.contains(bytes));
    }

    private record Block(byte[] start, int bits) {
        static Block of(String literal, int bits) {
            try {
                return new Block(InetAddress.getByName(literal).getAddress(), bits);
            } catch (UnknownHostException e) {
                throw new IllegalStateException(literal + " is an address", e);
            }
        }

        boolean contains(byte[] address) {
            if (address.length != start.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (start[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
