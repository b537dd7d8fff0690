// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import java.util.Map;

/**
 * A five-character SQLSTATE. The constants are those that the gateway itself raises or reacts to, under the condition names of the
 * manual's appendix "PostgreSQL Error Codes"; a server may send any other.
 *
 * @param code five digits or upper-case ASCII letters
 */
public record SqlState(String code) {
    public static final SqlState SUCCESSFUL_COMPLETION = new SqlState("00000");
    public static final SqlState WARNING = new SqlState("01000");
    public static final SqlState SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION = new SqlState("08001");
    public static final SqlState SQLSERVER_REJECTED_ESTABLISHMENT_OF_SQLCONNECTION = new SqlState("08004");
    public static final SqlState CONNECTION_FAILURE = new SqlState("08006");
    public static final SqlState PROTOCOL_VIOLATION = new SqlState("08P01");
    public static final SqlState FEATURE_NOT_SUPPORTED = new SqlState("0A000");
    public static final SqlState CHARACTER_NOT_IN_REPERTOIRE = new SqlState("22021");
    public static final SqlState INVALID_PARAMETER_VALUE = new SqlState("22023");
    public static final SqlState ACTIVE_SQL_TRANSACTION = new SqlState("25001");
    public static final SqlState IN_FAILED_SQL_TRANSACTION = new SqlState("25P02");
    public static final SqlState INVALID_SQL_STATEMENT_NAME = new SqlState("26000");
    public static final SqlState INVALID_AUTHORIZATION_SPECIFICATION = new SqlState("28000");
    public static final SqlState INVALID_PASSWORD = new SqlState("28P01");
    public static final SqlState INVALID_CURSOR_NAME = new SqlState("34000");
    public static final SqlState INVALID_CATALOG_NAME = new SqlState("3D000");
    public static final SqlState INSUFFICIENT_PRIVILEGE = new SqlState("42501");
    public static final SqlState SYNTAX_ERROR = new SqlState("42601");
    public static final SqlState DUPLICATE_CURSOR = new SqlState("42P03");
    public static final SqlState DUPLICATE_PREPARED_STATEMENT = new SqlState("42P05");
    public static final SqlState TOO_MANY_CONNECTIONS = new SqlState("53300");
    public static final SqlState CONFIGURATION_LIMIT_EXCEEDED = new SqlState("53400");
    public static final SqlState PROGRAM_LIMIT_EXCEEDED = new SqlState("54000");
    public static final SqlState QUERY_CANCELED = new SqlState("57014");
    public static final SqlState ADMIN_SHUTDOWN = new SqlState("57P01");
    public static final SqlState CANNOT_CONNECT_NOW = new SqlState("57P03");
    public static final SqlState SYSTEM_ERROR = new SqlState("58000");
    public static final SqlState IO_ERROR = new SqlState("58030");
    /** The gateway's own; PostgreSQL leaves classes from S on to others. */
    public static final SqlState APPROVAL_PENDING = new SqlState("SL001");
    public static final SqlState INTERNAL_ERROR = new SqlState("XX000");

    private static final Map<String, String> CONDITION_NAMES = Map.ofEntries(
            Map.entry("00000", "successful_completion"),
            Map.entry("01000", "warning"),
            Map.entry("08001", "sqlclient_unable_to_establish_sqlconnection"),
            Map.entry("08004", "sqlserver_rejected_establishment_of_sqlconnection"),
            Map.entry("08006", "connection_failure"),
            Map.entry("08P01", "protocol_violation"),
            Map.entry("0A000", "feature_not_supported"),
            Map.entry("22021", "character_not_in_repertoire"),
            Map.entry("22023", "invalid_parameter_value"),
            Map.entry("25001", "active_sql_transaction"),
            Map.entry("25P02", "in_failed_sql_transaction"),
            Map.entry("26000", "invalid_sql_statement_name"),
            Map.entry("28000", "invalid_authorization_specification"),
            Map.entry("28P01", "invalid_password"),
            Map.entry("34000", "invalid_cursor_name"),
            Map.entry("3D000", "invalid_catalog_name"),
            Map.entry("42501", "insufficient_privilege"),
            Map.entry("42601", "syntax_error"),
            Map.entry("42P03", "duplicate_cursor"),
            Map.entry("42P05", "duplicate_prepared_statement"),
            Map.entry("53300", "too_many_connections"),
            Map.entry("53400", "configuration_limit_exceeded"),
            Map.entry("54000", "program_limit_exceeded"),
            Map.entry("57014", "query_canceled"),
            Map.entry("57P01", "admin_shutdown"),
            Map.entry("57P03", "cannot_connect_now"),
            Map.entry("58000", "system_error"),
            Map.entry("58030", "io_error"),
            Map.entry("SL001", "approval_pending"),
            Map.entry("XX000", "internal_error"));

    /** @throws IllegalArgumentException when {@code code} is not five digits or upper-case letters */
    public SqlState {
        if (!isWellFormed(code)) {
            throw new IllegalArgumentException("not a SQLSTATE: '" + code + "' (five digits or upper-case letters are needed)");
        }
    }

    /** The condition's name in the manual, {@code unknown} for a code that the gateway itself never raises. */
    public String conditionName() {
        return CONDITION_NAMES.getOrDefault(code, "unknown");
    }

    static boolean isWellFormed(String code) {
        return code.length() == 5 && code.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'A' && c <= 'Z');
    }

    @Override
    public String toString() {
        return code + " " + conditionName();
    }
}
