// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.BackendReader;
import dev.sluice.gateway.wire.testing.WireScript;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Answers what the session asks a server for itself, at once: such questions are in no script. */
final class AnsweringServer {
    private static final List<List<String>> TIMEOUTS = List.of(
            List.of("idle_session_timeout"),
            List.of("idle_in_transaction_session_timeout", "transaction_timeout"),
            List.of("transaction_timeout"),
            List.of());

    /** The questions about surroundings, with the timeouts that each asks for. */
    private static final Map<Buffer, List<String>> SURROUNDINGS = Stream.of(true, false)
            .flatMap(synced -> TIMEOUTS.stream().map(names -> Map.entry(new SurroundingsInquiry(synced, names).question(), names)))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

    /** search_path, role, session_authorization; empty for an error. */
    List<String> surroundings = List.of("public", "none", "app");
    /** Of every timeout that is asked for; 0 for none. */
    String timeout = "0";
    /** What objects look like, by name; empty for an error. */
    Map<String, String> objects = Map.of("public.t", "1");

    /** Whether questions are heard and not answered. */
    boolean silent;

    boolean isSilentOn(Buffer question) {
        return silent && (question.toString().contains("sluice_inquiry_") || question.toString().contains(ObjectsInquiry.NAME));
    }

    /** Whether the question about objects is prepared. */
    boolean prepared;

    /** Empty where it is no question of the session's own. */
    List<BackendMessage> answers(Buffer question, String ready) {
        boolean synced = question.length() > 5 && question.getByte(question.length() - 5) == 'S';
        var lines = new ArrayList<String>();
        List<String> timeouts = SURROUNDINGS.get(question);
        if (timeouts != null) {
            if (surroundings.isEmpty()) {
                lines.add("ErrorResponse S \"ERROR\" V \"ERROR\" C \"42P05\" M \"the name is taken\"");
            }
            List<String> values = surroundings.isEmpty()
                    ? List.of()
                    : Stream.concat(surroundings.stream(), timeouts.stream().map(name -> timeout)).toList();
            for (String value : values) {
                lines.addAll(List.of("ParseComplete", "BindComplete", "DataRow 1 '" + value + "'", "CommandComplete \"SHOW\"", "CloseComplete", "CloseComplete"));
            }
        } else if (question.equals(ObjectsInquiry.no(synced).question())) {
            lines.add("CloseComplete");
            prepared = false;
        } else if (question.toString().contains(ObjectsInquiry.NAME)) {
            boolean again = question.equals(ObjectsInquiry.again(synced).question());
            assertThat(again && !prepared).as("asked again without having been prepared").isFalse();
            prepared = !again;
            if (objects.isEmpty()) {
                lines.add("ErrorResponse S \"ERROR\" V \"ERROR\" C \"57014\" M \"it takes too long\"");
            } else {
                lines.addAll(again ? List.of("BindComplete") : List.of("CloseComplete", "ParseComplete", "BindComplete"));
                objects.forEach((name, look) -> lines.add("DataRow 2 '" + name + "' '" + look + "'"));
                lines.addAll(List.of("CommandComplete \"SELECT 1\"", "CloseComplete"));
                if (again) {
                    lines.add("CloseComplete");
                }
            }
        } else {
            return List.of();
        }
        if (synced) {
            lines.add("ReadyForQuery " + ready);
        }
        var reader = new BackendReader();
        lines.forEach(line -> reader.feed(WireScript.message("B " + line)));
        var answers = new ArrayList<BackendMessage>();
        for (BackendMessage message = reader.next(); message != null; message = reader.next()) {
            answers.add(message);
        }
        return answers;
    }
}
