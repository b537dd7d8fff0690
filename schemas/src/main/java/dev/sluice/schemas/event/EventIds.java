// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Ids of events. */
public final class EventIds {
    private EventIds() {}

    /** UUIDv7 (RFC 9562, 5.7): the millisecond, then 12 bits of its fraction so that ids of one writer sort by time, then random bits. */
    public static UUID next(Instant now, RandomGenerator random) {
        long millis = now.toEpochMilli();
        long fraction = (now.getNano() % 1_000_000L) * 4096 / 1_000_000;
        long high = (millis << 16) | 0x7000L | fraction;
        long low = (random.nextLong() >>> 2) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /**
     * The id of an event made in reaction to another: UUIDv8 (RFC 9562, 5.8) from the SHA-256 of what caused it and what it is. Making it
     * again after a restart gives the same id, so that a reader sees a repetition as one.
     *
     * @param discriminator tells apart several events of one type with the same cause; empty where there can be only one
     */
    public static UUID derived(String causationId, String type, String discriminator) {
        byte[] hash = sha256((causationId + '\n' + type + '\n' + discriminator).getBytes(StandardCharsets.UTF_8));
        return new UUID((longAt(hash, 0) & ~0xF000L) | 0x8000L, (longAt(hash, 8) >>> 2) | 0x8000_0000_0000_0000L);
    }

    private static long longAt(byte[] bytes, int start) {
        long value = 0;
        for (int i = start; i < start + Long.BYTES; i++) {
            value = (value << 8) | (bytes[i] & 0xFF);
        }
        return value;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
