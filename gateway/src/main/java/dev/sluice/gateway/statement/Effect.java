// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

/** What a statement may do. A statement has one or many; one with none (such as BEGIN) only steers its own session's transaction. */
public enum Effect {
    /** Reads rows or catalog data. */
    READ,
    /** Changes or locks rows, sequences or large objects. */
    WRITE,
    /** Creates, alters or drops objects. */
    SCHEMA,
    /** Changes roles, ownership or privileges. */
    PRIVILEGE,
    /** Changes the state of the session: settings, role, advisory locks, LISTEN. */
    SESSION,
    /** Acts on the server or on other sessions: settings of the system, replication, backends, log files. */
    ADMIN,
    /** Reads or writes files of the server. */
    FILE,
    /** Runs a program on the server. */
    PROGRAM,
    /** Opens connections from the server to elsewhere. */
    NETWORK,
    /** Does something that its text does not show: code in a DO block, SQL in a function's argument, a node that we do not know. */
    UNKNOWN
}
