// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * Random bits for {@link EventIds}, of the platform's {@link SecureRandom}: drawn in blocks, one block per thread, since asking for eight bytes at a
 * time costs more than all else in an id. Safe for use by many threads.
 */
public final class IdRandom implements RandomGenerator {
    private static final int BLOCK_BYTES = 1024;

    private final SecureRandom secure = new SecureRandom();
    private final ThreadLocal<ByteBuffer> block = ThreadLocal.withInitial(() -> ByteBuffer.allocate(BLOCK_BYTES).limit(0));

    @Override
    public long nextLong() {
        ByteBuffer rest = block.get();
        if (!rest.hasRemaining()) {
            rest.clear();
            secure.nextBytes(rest.array());
        }
        return rest.getLong();
    }
}
