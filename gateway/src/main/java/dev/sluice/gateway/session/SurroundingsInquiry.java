// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.gateway.wire.FrontendMessage.Kind;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server under which role and search_path a statement would run that is about to be held. It is asked because nobody else knows: most
 * servers do not report them, and a function may have changed them unseen.
 *
 * <p>SHOW takes no snapshot and starts nothing that the held statement would notice.
 */
final class SurroundingsInquiry extends Inquiry {
    private static final List<String> PARAMETERS = List.of("search_path", "role", "session_authorization");
    private static final String NAME = "sluice_inquiry_";
    private static final Buffer QUESTION = allQuestions();
    private static final Buffer WITH_SYNC = QUESTION.copy().appendBuffer(FrontendEncoder.sync());
    private static final Buffer WITH_FLUSH = QUESTION.copy().appendBuffer(FrontendEncoder.flush());
    /** Tag, length, and the number of columns. */
    private static final int ROW_HEADER = 7;

    private final Buffer rows = Buffer.buffer();
    private int closed;

    SurroundingsInquiry(boolean synced) {
        super(synced);
    }

    /** Where a statement runs. */
    record Surroundings(String role, String searchPath) {}

    @Override
    Buffer question() {
        return synced ? WITH_SYNC : WITH_FLUSH;
    }

    @Override
    boolean takes(BackendMessage message) {
        return switch (message) {
            case BackendMessage.DataRows data -> {
                rows.appendBuffer(data.raw());
                yield true;
            }
            case BackendMessage.CloseComplete complete -> {
                closed++;
                yield true;
            }
            case BackendMessage.ParseComplete complete -> true;
            case BackendMessage.BindComplete complete -> true;
            case BackendMessage.CommandComplete complete -> true;
            default -> false;
        };
    }

    @Override
    boolean isComplete() {
        return !synced && closed == PARAMETERS.size();
    }

    /** Null when the server did not say. */
    @Nullable Surroundings answer() {
        List<String> values = values();
        if (error() != null || values.size() != PARAMETERS.size()) {
            return null;
        }
        String role = values.get(1);
        return new Surroundings(role.equals("none") ? values.get(2) : role, values.get(0));
    }

    /** The one column of each row. */
    private List<String> values() {
        var values = new ArrayList<String>();
        int at = 0;
        while (at + ROW_HEADER + 4 <= rows.length()) {
            int length = rows.getInt(at + ROW_HEADER);
            byte[] value = rows.getBytes(at + ROW_HEADER + 4, at + ROW_HEADER + 4 + length);
            String text = new String(value, StandardCharsets.UTF_8);
            // A name in another client encoding: any spelling will do that no other name shares.
            values.add(text.indexOf('\uFFFD') < 0 ? text : "\\x" + HexFormat.of().formatHex(value));
            at += 1 + rows.getInt(at + 1);
        }
        return values;
    }

    private static Buffer allQuestions() {
        Buffer question = Buffer.buffer();
        for (String parameter : PARAMETERS) {
            String name = NAME + parameter;
            question.appendBuffer(FrontendEncoder.parse(name, "SHOW " + parameter, List.of()))
                    .appendBuffer(FrontendEncoder.bind(name, name, List.of(), List.of()))
                    .appendBuffer(FrontendEncoder.execute(name, 0))
                    .appendBuffer(FrontendEncoder.close(Kind.STATEMENT, name));
        }
        return question;
    }
}
