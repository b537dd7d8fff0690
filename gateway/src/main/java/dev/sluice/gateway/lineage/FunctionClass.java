// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

/** What a function does beside computing its result from its arguments. */
public enum FunctionClass {
    /** Nothing: its result depends on its arguments, the time, chance and the session's settings, and on no table. */
    PURE,
    /** Reads tables, SQL text, files, large objects or the network that its arguments name. */
    TAKES_SQL_OR_FILES,
    /** Tells what the server keeps about data or about others' statements: statistics, activity, the write-ahead log, page contents. */
    REVEALS_STATISTICS,
    /** Changes or tells something outside the statement: settings, sequences, locks, notifications, backends, replication. */
    SESSION_CONTROL,
    /** May read everything that its owner or caller may: a body that nobody vouched for. */
    READS_EVERYTHING,
    /** Not in the list of functions that were looked at. */
    UNKNOWN;

    /** Whether its result may depend on any column at all. */
    public boolean opaque() {
        return switch (this) {
            case PURE, SESSION_CONTROL, REVEALS_STATISTICS -> false;
            case TAKES_SQL_OR_FILES, READS_EVERYTHING, UNKNOWN -> true;
        };
    }
}
