// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;

/** One reader for all tests: its parsers take their time to start and are the same for everybody. */
final class Readers {
    static final StatementReader SHARED = StatementReader.start(StatementReaderSettings.DEFAULTS);

    private Readers() {}

    static Reading read(String sql) {
        return read(SHARED, sql);
    }

    static Reading read(StatementReader reader, String sql) {
        return reader.read(sql).toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }

    static Reading.Understood understood(String sql) {
        Reading reading = read(sql);
        assertThat(reading).as(sql).isInstanceOf(Reading.Understood.class);
        return (Reading.Understood) reading;
    }

    /** The facts of a text with one statement. */
    static StatementFacts one(String sql) {
        Reading.Understood understood = understood(sql);
        assertThat(understood.statements()).hasSize(1);
        return understood.statements().getFirst();
    }
}
