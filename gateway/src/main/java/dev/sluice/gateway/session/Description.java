// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.BackendMessage.Column;
import dev.sluice.schemas.event.ResultEvent.Format;
import dev.sluice.schemas.event.ResultEvent.ResultColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the server has said of the rows of a prepared statement or portal, once the client has asked. */
final class Description {
    private @Nullable List<Column> columns;

    void is(List<Column> described) {
        columns = described;
    }

    /** The columns in the formats that Bind has asked for, as far as they are known. */
    @Nullable List<ResultColumn> in(List<Integer> formats) {
        List<Column> described = columns;
        if (described == null || formats.size() > 1 && formats.size() != described.size()) {
            return null;
        }
        var all = new ArrayList<ResultColumn>(described.size());
        for (int i = 0; i < described.size(); i++) {
            all.add(column(described.get(i), formats.isEmpty() ? 0 : formats.get(formats.size() == 1 ? 0 : i)));
        }
        return all;
    }

    static List<ResultColumn> asGiven(List<Column> columns) {
        return columns.stream().map(column -> column(column, column.format())).toList();
    }

    private static ResultColumn column(Column column, int format) {
        return new ResultColumn(column.name(), Integer.toUnsignedLong(column.typeOid()), format == 0 ? Format.TEXT : Format.BINARY);
    }
}
