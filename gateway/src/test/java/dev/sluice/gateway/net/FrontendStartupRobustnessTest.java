// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.schemas.identity.TokenResult;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any message in any stage, any noise, any cut. */
class FrontendStartupRobustnessTest {
    /** Every tag in every stage in which the client is to speak: only an answer to the request is taken. */
    @Test
    void eachMessageIsLegalInOneStageOnly() {
        for (int tag = 0; tag < 256; tag++) {
            for (String database : List.of("shop", "own")) {
                for (String user : List.of("robot", "whoever")) {
                    RecordingEffects recorded = new RecordingEffects();
                    FrontendStartup startup = new FrontendStartup(new FrontendChannel(true, false, false), FrontendStartupTest.admissions(), FrontendStartupTest.checks(), 64 << 10, recorded);
                    startup.received(FrontendStartupTest.startupPacket(3, 0, "user", user, "database", database));
                    startup.passedOn();
                    startup.received(Buffer.buffer().appendByte((byte) tag).appendInt(5).appendByte((byte) 0));
                    boolean taken = tag == 'p';
                    assertThat(recorded.principals).as("tag %d", tag).isEmpty();
                    assertThat(startup.ended()).as("tag %d for %s on %s: %s", tag, user, database, recorded.log).isEqualTo(!taken || database.equals("shop"));
                }
            }
        }
    }

    @Test
    void survivesNoise() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Buffer> pieces = List.of(FrontendStartupTest.SSL_REQUEST, FrontendStartupTest.GSS_REQUEST, FrontendStartupTest.startupPacket(3, 0, "user", "robot", "database", "shop"),
                FrontendStartupTest.startupPacket(3, 2, "user", "u", "database", "own"), FrontendEncoder.password("x"), FrontendEncoder.query("select 1"), FrontendEncoder.terminate(),
                FrontendEncoder.cancelRequest(1, new byte[4]), FrontendEncoder.saslInitialResponse("SCRAM-SHA-256", Buffer.buffer("n,,n=,r=abc")), Buffer.buffer(new byte[] {0x16, 0, 0, 0, 0}));
        for (int round = 0; round < 5_000; round++) {
            RecordingEffects recorded = new RecordingEffects();
            FrontendStartup startup = new FrontendStartup(new FrontendChannel(random.nextBoolean(), random.nextBoolean(), random.nextBoolean()), FrontendStartupTest.admissions(), FrontendStartupTest.checks(), 64 << 10, recorded);
            for (int step = 0; step < 6; step++) {
                Buffer piece = pieces.get(random.nextInt(pieces.size())).copy();
                if (random.nextInt(4) == 0) {
                    piece.setByte(random.nextInt(piece.length()), (byte) random.nextInt(256));
                }
                switch (random.nextInt(8)) {
                    case 0 -> startup.passedOn();
                    case 1 -> startup.secured(random.nextBoolean() ? "postgresql" : null, random.nextBoolean(), null);
                    case 2 -> startup.checked(new TokenResult.Rejected("forged"));
                    default -> startup.received(piece);
                }
            }
            assertThat(recorded.principals).as("seed %d, round %d: %s", seed, round, recorded.log).isEmpty();
            assertThat(recorded.log.stream().filter(entry -> entry.startsWith("refuse")).count()).as("seed %d", seed).isLessThanOrEqualTo(1);
            assertThat(recorded.log.stream().filter(entry -> entry.startsWith("connect")).count()).as("seed %d", seed).isLessThanOrEqualTo(1);
        }
    }

    /** The whole dialogue, cut at every place: the same outcome. */
    @Test
    void chunkingChangesNothing() {
        Buffer first = FrontendStartupTest.GSS_REQUEST;
        Buffer second = FrontendStartupTest.startupPacket(3, 2, "user", "whoever", "database", "shop", "application_name", "test");
        Buffer third = FrontendEncoder.password("token");
        for (Buffer cut : List.of(first, second, third)) {
            for (int at = 0; at <= cut.length(); at++) {
                RecordingEffects recorded = new RecordingEffects();
                FrontendStartup startup = new FrontendStartup(new FrontendChannel(true, false, false), FrontendStartupTest.admissions(), FrontendStartupTest.checks(), 64 << 10, recorded);
                for (Buffer part : List.of(first, second, third)) {
                    if (part == cut) {
                        startup.received(part.getBuffer(0, at));
                        startup.received(part.getBuffer(at, part.length()));
                    } else {
                        startup.received(part.copy());
                    }
                }
                startup.checked(new TokenResult.Verified(FrontendStartupTest.ALICE, FrontendStartupTest.NOW));
                assertThat(recorded.log).containsExactly("send N", "send R3", "check token", "connect for alice");
            }
        }
    }
}
