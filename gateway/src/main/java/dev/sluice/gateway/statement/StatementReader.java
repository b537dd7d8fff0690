// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads SQL as PostgreSQL does, with {@code standard_conforming_strings} on and UTF-8 text. Safe for use by many threads.
 * An empty query is understood and has no statements.
 */
public interface StatementReader extends AutoCloseable {
    /** A reader with its own workers and caches. Starts nothing until there is something to read. */
    static StatementReader start(StatementReaderSettings settings) {
        return new CachingStatementReader(settings);
    }

    /** The reading if a cache has it, else null. Never waits and never parses: for the event loop. */
    @Nullable Reading readNow(String sql);

    /**
     * Reads on a worker thread, or completes at once from a cache. The stage never completes exceptionally for anything that is
     * in the text; it completes on the worker's thread, so a caller with an event loop must go back to it.
     */
    CompletionStage<Reading> read(String sql);

    /**
     * The raw parse tree in libpg_query's JSON, for what has to know more than a reading tells. Read anew each time, on a worker thread; a
     * missing node ({@link JsonNode#isMissingNode}) where the text is not SQL or beyond the limits.
     */
    CompletionStage<JsonNode> tree(String sql);

    /** Ends the workers. Readings under way complete as {@link Reading.Refused}. */
    @Override
    void close();
}
