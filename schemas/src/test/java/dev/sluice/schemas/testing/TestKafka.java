// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.testing;

import java.io.IOException;

/** A real Kafka, broker and controller, for tests. Can be stopped and started again with the same address and data. Not for several threads at once. */
public interface TestKafka extends AutoCloseable {
    /** A new one, without topics, as {@link Provision} says. */
    static TestKafka start() throws IOException {
        return switch (Provision.chosen()) {
            case EMBEDDED -> EmbeddedKafka.start();
            case CONTAINERS -> ContainerKafka.start();
        };
    }

    /** {@code host:port} for clients; the same after a restart. */
    String bootstrapServers();

    /** Ends the broker in good order and keeps the data. Does nothing when it does not run. */
    void stop();

    /** Starts it where it was; stops it first if it runs. */
    void restart() throws IOException;

    /** Stops it and deletes its data, unless somebody named the folder. */
    @Override
    void close() throws IOException;
}
