// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.schemas.event.Decoded;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.ResultEvent.Format;
import dev.sluice.schemas.event.ResultEvent.ResultColumn;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Reads a page of rows out of an answer that was kept: messages of PostgreSQL's protocol in chunks that are cut anywhere. For one page. */
final class KeptAnswer {
    private static final int HEADER_BYTES = 5;

    /** Where a message begins: in this chunk, at this byte. */
    record Place(long chunk, int offset) {
        static final Place START = new Place(0, 0);

        static Place parse(String text) {
            String[] parts = text.split("\\.", 2);
            try {
                if (parts.length == 2) {
                    return new Place(Long.parseLong(parts[0]), Integer.parseInt(parts[1]));
                }
            } catch (NumberFormatException e) {
                throw Problem.badRequest("The parameter cursor is not one that this answer has given out.");
            }
            throw Problem.badRequest("The parameter cursor is not one that this answer has given out.");
        }

        @Override
        public String toString() {
            return chunk + "." + offset;
        }
    }

    private final EventCodec codec;
    private final String statementId;
    private final LongFunction<byte @Nullable []> chunks;
    private byte[] content = {};
    private int at;
    private long chunk;
    private @Nullable List<ResultColumn> columns;
    private boolean gone;

    /** {@code chunks} gives the record of a chunk by its number, null where there is none. One of another statement, or with another number, counts as none. */
    KeptAnswer(EventCodec codec, String statementId, LongFunction<byte @Nullable []> chunks) {
        this.codec = codec;
        this.statementId = statementId;
        this.chunks = chunks;
    }

    /** Adds {@code columns}, {@code rows} and, where there are more, {@code next} to the page. False when there is nothing at this place. */
    boolean read(Place from, int limit, ObjectNode page) {
        ArrayNode rows = page.putArray("rows");
        chunk = from.chunk();
        if (!load()) {
            return false;
        }
        at = Math.min(Math.max(0, from.offset()), content.length);
        while (available()) {
            if (isRow(content[at]) && rows.size() == limit) {
                page.put("next", new Place(chunk, at).toString());
                break;
            }
            message(rows);
        }
        describe(page);
        page.put("partsMissing", gone);
        return true;
    }

    /** Whether there is another message; what of it lies in the next chunks is read by {@link #message}. */
    private boolean available() {
        return at < content.length || advance();
    }

    private boolean advance() {
        chunk++;
        at = 0;
        return load();
    }

    private boolean load() {
        byte[] record = chunks.apply(chunk);
        if (record == null || !(codec.decode(record) instanceof Decoded.Known(var envelope)) || !(envelope.data() instanceof ResultRecorded kept)
                || !kept.statementId().equals(statementId) || kept.chunk() != chunk) {
            content = new byte[0];
            return false;
        }
        content = Base64.getDecoder().decode(kept.data());
        columns = kept.columns() == null ? columns : kept.columns();
        return true;
    }

    private static boolean isRow(byte tag) {
        return tag == 'D' || tag == 'd';
    }

    private void message(ArrayNode rows) {
        byte[] header = take(HEADER_BYTES);
        if (gone) {
            return;
        }
        int length = ByteBuffer.wrap(header).getInt(1) - Integer.BYTES;
        byte[] body = length < 0 ? new byte[0] : take(length);
        if (gone || !isRow(header[0])) {
            return;
        }
        ArrayNode row = rows.addArray();
        if (header[0] == 'd') {
            cell(row, body, null);
            return;
        }
        ByteBuffer cells = ByteBuffer.wrap(body);
        int count = cells.getShort() & 0xffff;
        for (int i = 0; i < count; i++) {
            int size = cells.getInt();
            if (size < 0) {
                row.addNull();
            } else {
                byte[] value = new byte[size];
                cells.get(value);
                cell(row, value, columns == null || i >= columns.size() ? null : columns.get(i).format());
            }
        }
    }

    private byte[] take(int count) {
        byte[] taken = new byte[0];
        while (taken.length < count) {
            if (at == content.length && !advance()) {
                gone = true;
                return taken;
            }
            int part = Math.min(count - taken.length, content.length - at);
            int before = taken.length;
            taken = Arrays.copyOf(taken, before + part);
            System.arraycopy(content, at, taken, before, part);
            at += part;
        }
        return taken;
    }

    /** As text where it is, else as base64. */
    private static void cell(ArrayNode row, byte[] value, @Nullable Format format) {
        if (format != Format.BINARY) {
            try {
                row.add(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString());
                return;
            } catch (CharacterCodingException _) {
                // bytes that are no text
            }
        }
        row.addObject().put("base64", Base64.getEncoder().encodeToString(value));
    }

    private void describe(ObjectNode page) {
        List<ResultColumn> described = columns;
        if (described != null) {
            ArrayNode list = page.putArray("columns");
            described.forEach(column -> list.addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("format", column.format().name()));
        }
    }
}
