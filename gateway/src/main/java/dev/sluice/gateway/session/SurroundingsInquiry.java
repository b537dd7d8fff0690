// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.gateway.wire.FrontendMessage.Kind;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server under which role and search_path a statement would run that is about to be held, and for how long it would
 * let the session wait. It is asked because nobody else knows: most
 * servers do not report them, and a function may have changed them unseen.
 *
 * <p>SHOW takes no snapshot and starts nothing that the held statement would notice.
 */
final class SurroundingsInquiry extends Inquiry {
    private static final List<String> MEANING = List.of("search_path", "role", "session_authorization");
    private static final String NAME = "sluice_inquiry_";
    /** What is closed for each parameter: a portal, which would last as long as the transaction, and a statement. */
    private static final int CLOSED = 2;
    /** Tag, length, and the number of columns. */
    private static final int ROW_HEADER = 7;

    private final List<String> parameters;
    private final List<String> timeouts;
    private final Buffer rows = Buffer.buffer();
    private int closed;

    /** @param timeouts parameters of which the value is asked too */
    SurroundingsInquiry(boolean synced, List<String> timeouts) {
        super(synced);
        this.timeouts = timeouts;
        this.parameters = new ArrayList<>(MEANING);
        this.parameters.addAll(timeouts);
    }

    /** Where a statement runs. {@code timeouts} are values by parameter, as the server writes them. */
    record Surroundings(String role, String searchPath, Map<String, String> timeouts) {}

    @Override
    Buffer question() {
        Buffer question = Buffer.buffer();
        for (String parameter : parameters) {
            String name = NAME + parameter;
            question.appendBuffer(FrontendEncoder.parse(name, "SHOW " + parameter, List.of()))
                    .appendBuffer(FrontendEncoder.bind(name, name, List.of(), List.of()))
                    .appendBuffer(FrontendEncoder.execute(name, 0))
                    .appendBuffer(FrontendEncoder.close(Kind.PORTAL, name))
                    .appendBuffer(FrontendEncoder.close(Kind.STATEMENT, name));
        }
        return question.appendBuffer(synced ? FrontendEncoder.sync() : FrontendEncoder.flush());
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
        return !synced && closed == CLOSED * parameters.size();
    }

    /** Null when the server did not say. */
    @Nullable Surroundings answer() {
        List<String> values = values();
        if (error() != null || values.size() != parameters.size()) {
            return null;
        }
        String role = values.get(1);
        var found = new LinkedHashMap<String, String>();
        for (int i = 0; i < timeouts.size(); i++) {
            found.put(timeouts.get(i), values.get(MEANING.size() + i));
        }
        return new Surroundings(role.equals("none") ? values.get(2) : role, values.get(0), found);
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
}
