// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client has received, where the policy asks to keep it. Belongs to no chain: the statement's end, which does, proves it by its digest. */
public sealed interface ResultEvent extends DomainEvent {
    /** A result's columns come in one of the protocol's two formats. */
    enum Format { TEXT, BINARY }

    /**
     * A column, as the server described it to the client.
     *
     * @param type OID of its type
     */
    record ResultColumn(String name, long type, Format format) {}

    /**
     * Part of an answer: messages of PostgreSQL's protocol, byte for byte as the client received them, masks applied. The chunks of a statement
     * put together in the order of their numbers are the answer, or as much of it as the policy asks for. A message may begin in one chunk
     * and end in the next.
     *
     * @param chunk from 0, without gaps
     * @param columns of the rows that begin here; absent where the client has not asked for a description, and for COPY
     * @param rows DataRow and CopyData messages that begin in this chunk
     * @param data base64
     * @param digest SHA-256 (hex) over the bytes of all chunks up to and including this one: no chunk can be taken out, added or changed
     *     without changing that of the last, which statement.completed carries
     * @param last whether no other chunk follows
     */
    record ResultRecorded(
            String statementId, long chunk, @Nullable List<ResultColumn> columns, long rows, String data, String digest, boolean last)
            implements ResultEvent {
        public ResultRecorded {
            columns = columns == null ? null : List.copyOf(columns);
        }
    }
}
