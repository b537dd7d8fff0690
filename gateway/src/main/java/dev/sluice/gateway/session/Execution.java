// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.masking.WrittenBack;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.gateway.wire.TransactionStatus;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one running statement has given so far: the material of its {@link StatementCompleted}. */
final class Execution {
    private static final HexFormat HEX = HexFormat.of();
    /** Only ever copied: a copy costs a fraction of looking the algorithm up. */
    private static final MessageDigest UNUSED_SHA256 = unusedSha256();
    /** Tag and length. */
    private static final int COPY_DATA_HEADER = 5;

    final String statementId;
    private final long startedNanos;
    final Stations stations;
    /** Takes down the answer, where the policy asks for that. */
    @Nullable ResultTape tape;
    /** What has been found in the answer. */
    @Nullable SearchedAnswer searched;
    /** Nearly always zero or one; a list only for multi-statement text. */
    private List<String> commandTags = List.of();

    private long rows;
    private long bytes;
    private @Nullable String sqlState;
    private @Nullable MessageDigest digest;
    private long copiedBytes;
    private @Nullable MessageDigest copiedDigest;
    /** Looks for what masks have shown in COPY data of a masked caller; null where there cannot be any. */
    WrittenBack.@Nullable Rows writtenBack;
    /** What the client hears when the server reports the end of a copy that the gateway has ended. */
    @Nullable Diagnosis refusal;

    Execution(String statementId, long startedNanos, Stations stations) {
        this.statementId = statementId;
        this.startedNanos = startedNanos;
        this.stations = stations;
    }

    void rows(int started) {
        rows += started;
    }

    void tag(String tag) {
        if (commandTags.isEmpty()) {
            commandTags = List.of(tag);
        } else {
            var tags = new ArrayList<>(commandTags);
            tags.add(tag);
            commandTags = tags;
        }
    }

    void failed(String state) {
        sqlState = state;
    }

    /** It gets no answer any more. What the server said of it before stands. */
    void abandoned(SqlState state) {
        if (sqlState == null) {
            sqlState = state.code();
        }
    }

    void delivered(Buffer answer) {
        bytes += answer.length();
        digest().update(answer.getBytes());
        if (tape != null) {
            tape.take(answer);
        }
    }

    /** COPY data that goes to the server, a whole CopyData message. */
    void copied(Buffer copyData) {
        MessageDigest of = copiedDigest;
        if (of == null) {
            of = sha256();
            copiedDigest = of;
        }
        copiedBytes += copyData.length() - COPY_DATA_HEADER;
        of.update(copyData.getBytes(COPY_DATA_HEADER, copyData.length()));
    }

    /** Whether this CopyData message would have to be searched, and other sessions would wait too long for that. */
    boolean isTooLongToSearch(Buffer copyData) {
        return writtenBack != null && copyData.length() - COPY_DATA_HEADER > Words.LONGEST_SEARCHED_COPY_DATA;
    }

    /** Whether a value in this CopyData message is what a mask shows. */
    boolean writesBack(Buffer copyData) {
        return writtenBack != null && writtenBack.feed(copyData.getBytes(COPY_DATA_HEADER, copyData.length()));
    }

    /** Whether the value that the data ends with is. */
    boolean endsWritingBack() {
        return writtenBack != null && writtenBack.ends();
    }

    StatementCompleted completed(long nanos, TransactionStatus status) {
        return new StatementCompleted(
                statementId,
                commandTags,
                sqlState,
                rows,
                bytes,
                HEX.formatHex(digest().digest()),
                Math.max(0, (nanos - startedNanos) / 1_000),
                status.name(),
                copiedDigest == null ? null : copiedBytes,
                copiedDigest == null ? null : HEX.formatHex(copiedDigest.digest()),
                stations.timing(nanos),
                tape == null ? null : tape.summary(),
                searched == null ? null : searched.detections());
    }

    private MessageDigest digest() {
        MessageDigest made = digest;
        if (made == null) {
            made = sha256();
            digest = made;
        }
        return made;
    }

    private static MessageDigest sha256() {
        try {
            return (MessageDigest) UNUSED_SHA256.clone();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("the platform's own SHA-256 can be copied", impossible);
        }
    }

    private static MessageDigest unusedSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
