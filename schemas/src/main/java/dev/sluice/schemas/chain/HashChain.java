// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.chain;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The chain of one session: each event names the SHA-256 of the record before it, byte for byte as it lies in Kafka. Keeps the place in the
 * chain; not safe for use by several threads at once.
 */
public final class HashChain {
    /** What the first event of a session names as the hash before it. */
    public static final String START = "0".repeat(64);

    private static final HexFormat HEX = HexFormat.of();

    /** Looking one up costs as much as hashing a short record. */
    private static final ThreadLocal<MessageDigest> ONE_SHOT = ThreadLocal.withInitial(HashChain::sha256);

    private final MessageDigest sha256 = sha256();
    private String last = START;

    /** The hash that the next event must name: that of the last record, or {@link #START}. */
    public String last() {
        return last;
    }

    /** Adds a record to the chain. */
    public void add(byte[] record) {
        last = HEX.formatHex(sha256.digest(record));
    }

    /** SHA-256 as 64 hexadecimal digits, small letters. */
    public static String hash(byte[] record) {
        return HEX.formatHex(ONE_SHOT.get().digest(record));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
