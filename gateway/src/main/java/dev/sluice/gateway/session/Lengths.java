// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.schemas.event.DisplayLimit;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.signature.StatementDigest;
import java.util.List;

/** How long a statement may be together with its parameters: to be recorded whole, and to be shown to people whole. Binary values count as base64. */
final class Lengths {
    /** In UTF-16 units. A record in parts takes as much of the recorder's queue: one client must not fill it alone. */
    static final long RECORDABLE = 48L << 20;

    private Lengths() {}

    /** The same answer, or a refusal where the statement is too long for it. */
    static Judge.Answer within(Judge.Answer answer) {
        Judged judged = answer.judged();
        String text = judged.reading().redactedSql();
        long length = text.length();
        for (Parameter parameter : judged.parameters()) {
            String value = parameter.value();
            length += value == null ? 0 : value.length();
        }
        for (Meanings.Meaning meaning : judged.meanings().known()) {
            length += meaning.text().redactedSql().length();
        }
        if (length > RECORDABLE) {
            return Judge.refuse(unrecorded(judged, text, length), "recording", unrecordable(length));
        }
        return answer instanceof Judge.Answer.Held held ? approvable(held, bytes(judged)) : answer;
    }

    private static long bytes(Judged judged) {
        long bytes = DisplayLimit.bytesOf(judged.reading().redactedSql(), judged.parameters());
        for (Meanings.Meaning meaning : judged.meanings().known()) {
            bytes += DisplayLimit.bytesOf(meaning.text().redactedSql(), meaning.parameters());
        }
        return bytes;
    }

    /** What nobody could approve would only wait for its end, here and in the memory of those who are asked. */
    private static Judge.Answer approvable(Judge.Answer.Held held, long bytes) {
        return bytes > DisplayLimit.BYTES ? Judge.refuse(held.judged(), held.hold().rule(), unapprovable(bytes)) : held;
    }

    private static Diagnosis unrecordable(long length) {
        return Diagnosis.error(SqlState.PROGRAM_LIMIT_EXCEEDED, "statement and parameters have " + length + " characters, too many to be recorded")
                .withDetail("the limit is " + RECORDABLE + "; binary values count as base64")
                .withHint("send it in several statements, or the data by COPY");
    }

    private static Diagnosis unapprovable(long bytes) {
        return Diagnosis.error(SqlState.PROGRAM_LIMIT_EXCEEDED, "statement and parameters have " + bytes + " bytes, too many to be held for approval")
                .withDetail("people can approve up to " + DisplayLimit.BYTES + " bytes (1 MiB), which are shown to them whole; binary values count as base64")
                .withHint("send it in several statements, or the data by COPY");
    }

    /** What stands in the record says itself that it is not the text. */
    private static Judged unrecorded(Judged judged, String text, long length) {
        String words = "(not recorded: " + length + " characters with parameters; SHA-256 of the text: " + StatementDigest.ofText(text) + ")";
        Reading.Understood reading = SessionNames.Unread.text(words);
        return new Judged(judged.message(), judged.protocol(), Source.UNKNOWN, reading, reading, List.of(), judged.decision(), judged.enforced(),
                judged.policyVersion(), judged.maskings());
    }
}
