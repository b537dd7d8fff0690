// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import dev.sluice.schemas.testing.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;

/** One Kafka in a process of its own, so that its processor time can be told from others'. */
final class Broker {
    private Broker() {}

    /** Takes a folder and a port; runs until it is told to end. */
    public static void main(String... arguments) throws IOException {
        EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::stop));
    }
}
