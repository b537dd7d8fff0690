// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a step of a case is sent. */
enum Manner {
    SIMPLE,
    EXTENDED_TEXT,
    EXTENDED_BINARY;

    /** Plays the whole case on a fresh session and returns everything that the server sent in it. */
    Answers play(SqlCase sqlCase, int port) throws IOException {
        Servers.clean();
        try (var client = new WireClient(port)) {
            for (SqlCase.Step step : sqlCase.steps()) {
                for (int i = 0; i < step.repeat(); i++) {
                    send(step, client);
                }
            }
            client.terminate();
            return client.take().comparable();
        }
    }

    private void send(SqlCase.Step step, WireClient client) throws IOException {
        boolean simple = this == SIMPLE;
        List<byte[]> copy = step.copy();
        if (simple) {
            client.send(Frames.query(step.sql()));
        } else {
            client.send(extended(step, this == EXTENDED_BINARY ? 1 : 0, copy == null ? Frames.sync() : Frames.flush()));
        }
        if (copy != null) {
            byte[] first = client.readUntil(message -> message[0] == 'G' || message[0] == 'E');
            if (first[0] == 'G') {
                client.send(copyData(copy, step.copyFail()));
            }
            if (!simple) {
                client.send(Frames.sync());
            }
        }
        client.readUntil(message -> message[0] == 'Z');
    }

    private static List<byte[]> extended(SqlCase.Step step, int format, byte[] end) {
        List<byte[]> frames = new ArrayList<>(List.of(
                Frames.parse("", step.sql()),
                Frames.describeStatement(""),
                Frames.bind("", "", step.parameters(), format),
                Frames.describePortal("")));
        int executions = step.rows() == 0 ? 1 : 4;
        for (int i = 0; i < executions; i++) {
            frames.add(Frames.execute("", step.rows()));
        }
        frames.add(end);
        return frames;
    }

    private static List<byte[]> copyData(List<byte[]> copy, @Nullable String copyFail) {
        List<byte[]> frames = new ArrayList<>();
        copy.forEach(data -> frames.add(Frames.copyData(data)));
        frames.add(copyFail == null ? Frames.copyDone() : Frames.copyFail(copyFail));
        return frames;
    }
}
