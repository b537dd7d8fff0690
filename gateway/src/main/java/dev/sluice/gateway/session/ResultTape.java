// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.policy.ResultLimit;
import dev.sluice.schemas.event.ResultEvent.ResultColumn;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import dev.sluice.schemas.event.StatementEvent.RecordedResult;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes down the answer to one statement as the client gets it, in chunks. It follows the messages only as far as counting rows takes: nothing
 * is decoded. Rows beyond the limit are left out; what is not a row is always taken down.
 */
final class ResultTape {
    private static final HexFormat HEX = HexFormat.of();
    /** Tag and length. */
    private static final int HEADER_BYTES = 5;

    private final String statementId;
    private final ResultLimit limit;
    private final int chunkBytes;
    private final Consumer<ResultRecorded> out;
    private final MessageDigest digest = sha256();
    private final byte[] header = new byte[HEADER_BYTES];
    private int headerBytes;
    private @Nullable List<ResultColumn> columns;
    /** Asked when the first rows are taken down: the server may only then have said it. */
    private @Nullable Supplier<@Nullable List<ResultColumn>> description;
    private Buffer chunk = Buffer.buffer();
    private long chunkRows;
    private long chunks;
    private long rows;
    private long rowBytes;
    private long bytes;
    /** Bytes still to come of the message that the client is getting. */
    private long left;
    private boolean kept;
    private boolean whole = true;
    private boolean finished;

    /** @param description what is known of the rows once they come; null for those that come with their description */
    ResultTape(String statementId, ResultLimit limit, int chunkBytes, @Nullable Supplier<@Nullable List<ResultColumn>> description, Consumer<ResultRecorded> out) {
        this.statementId = statementId;
        this.limit = limit;
        this.chunkBytes = chunkBytes;
        this.description = description;
        this.out = out;
    }

    /** The rows that follow are these. */
    void described(List<ResultColumn> rows) {
        if (chunkRows > 0) {
            cut(false);
        }
        description = null;
        columns = rows;
    }

    /** Takes what the client is given, cut anywhere. */
    void take(Buffer answer) {
        int at = 0;
        int length = answer.length();
        while (at < length) {
            if (left > 0) {
                int end = (int) Math.min(length, at + left);
                left -= end - at;
                if (kept) {
                    keep(answer, at, end);
                }
                at = end;
            } else {
                header[headerBytes++] = answer.getByte(at++);
                if (headerBytes == HEADER_BYTES) {
                    headerBytes = 0;
                    begin();
                }
            }
        }
    }

    private void begin() {
        byte tag = header[0];
        long message = ByteBuffer.wrap(header).getInt(1) + 1L;
        left = message - HEADER_BYTES;
        boolean row = tag == 'D' || tag == 'd';
        kept = !row || rows < limit.rows() || rowBytes < limit.bytes();
        whole &= kept;
        if (kept) {
            if (row) {
                rows++;
                chunkRows++;
                rowBytes += message;
            }
            keep(Buffer.buffer(header), 0, HEADER_BYTES);
        }
    }

    private void keep(Buffer from, int start, int end) {
        int at = start;
        while (at < end) {
            int room = Math.min(end - at, chunkBytes - chunk.length());
            chunk.appendBuffer(from, at, room);
            at += room;
            if (chunk.length() == chunkBytes) {
                cut(false);
            }
        }
    }

    /** Whether the next byte begins a message. */
    boolean isBetweenMessages() {
        return left == 0 && headerBytes == 0;
    }

    /** The answer is complete, or no more of it comes. Once is enough. */
    void finish() {
        if (!finished) {
            finished = true;
            whole &= headerBytes == 0;
            cut(true);
        }
    }

    private void cut(boolean last) {
        if (description != null) {
            columns = description.get();
            description = null;
        }
        byte[] content = chunk.getBytes();
        chunk = Buffer.buffer();
        bytes += content.length;
        digest.update(content);
        out.accept(new ResultRecorded(statementId, chunks, columns, chunkRows, Base64.getEncoder().encodeToString(content), soFar(), last));
        chunks++;
        chunkRows = 0;
    }

    private String soFar() {
        try {
            return HEX.formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("SHA-256 of every Java platform can be cloned", impossible);
        }
    }

    /** What has been taken down, for the record of the statement's end. */
    RecordedResult summary() {
        return new RecordedResult(chunks, rows, bytes, soFar(), whole);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
