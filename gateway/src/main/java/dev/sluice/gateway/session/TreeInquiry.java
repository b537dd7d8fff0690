// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.gateway.wire.FrontendMessage.Kind;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Has the server analyse a statement in the session's own context and say what it made of it, before anything runs: {@code debug_print_rewritten}
 * sends the resolved tree as a notice at Parse. The parameters that this needs are set for the transaction only and put back right behind, so
 * the client never sees them changed. Where the role may, the server's own log is silent meanwhile: it would get every tree, constants included. A statement that the server objects to has its answer with that: the objection is the client's.
 */
final class TreeInquiry extends Inquiry {
    private static final String SWITCH_ON = "sluice_tree_on";
    private static final String STATEMENT = "sluice_tree";
    private static final String SWITCH_OFF = "sluice_tree_off";
    /** A portal and its statement, twice, and the statement that is asked about. */
    private static final int CLOSED = 5;

    /** elog_node_display in print.c; never translated. */
    private static final String TITLE = "rewritten parse tree:";

    private static final String ON =
            "SELECT pg_catalog.set_config('sluice.messages', pg_catalog.current_setting('client_min_messages'), true),"
                    + " pg_catalog.set_config('sluice.pretty', pg_catalog.current_setting('debug_pretty_print'), true),"
                    + " pg_catalog.set_config('client_min_messages', 'log', true),"
                    + " pg_catalog.set_config('debug_pretty_print', 'off', true),"
                    + " pg_catalog.set_config('sluice.log', pg_catalog.current_setting('log_min_messages'), true),"
                    + " CASE WHEN %1$s THEN pg_catalog.set_config('log_min_messages', 'fatal', true) END,"
                    + " pg_catalog.set_config('debug_print_rewritten', 'on', true)";
    private static final String OFF = "SELECT pg_catalog.set_config('debug_print_rewritten', 'off', true),"
            + " CASE WHEN %1$s THEN pg_catalog.set_config('log_min_messages', pg_catalog.current_setting('sluice.log'), true) END,"
            + " pg_catalog.set_config('debug_pretty_print', pg_catalog.current_setting('sluice.pretty'), true),"
            + " pg_catalog.set_config('client_min_messages', pg_catalog.current_setting('sluice.messages'), true)";

    /** From this version on a role may be granted to set a parameter; before, superusers alone might. */
    private static final int GRANTS_PARAMETERS = 15;

    private final Buffer question;
    private final List<String> trees = new ArrayList<>();
    private List<BackendMessage.Column> columns = List.of();
    private int parsed;
    private int closed;

    /** @param serverMajor PostgreSQL's major version */
    TreeInquiry(boolean synced, String sql, List<Integer> parameterTypes, int serverMajor) {
        super(synced);
        String maySilence = serverMajor >= GRANTS_PARAMETERS
                ? "pg_catalog.has_parameter_privilege('log_min_messages', 'SET')"
                : "pg_catalog.current_setting('is_superuser') OPERATOR(pg_catalog.=) 'on'";
        question = run(SWITCH_ON, ON.formatted(maySilence))
                .appendBuffer(FrontendEncoder.parse(STATEMENT, sql, parameterTypes))
                .appendBuffer(FrontendEncoder.describe(Kind.STATEMENT, STATEMENT))
                .appendBuffer(FrontendEncoder.close(Kind.STATEMENT, STATEMENT))
                .appendBuffer(run(SWITCH_OFF, OFF.formatted(maySilence)))
                .appendBuffer(synced ? FrontendEncoder.sync() : FrontendEncoder.flush());
    }

    private static Buffer run(String name, String sql) {
        return Buffer.buffer()
                .appendBuffer(FrontendEncoder.parse(name, sql, List.of()))
                .appendBuffer(FrontendEncoder.bind(name, name, List.of(), List.of()))
                .appendBuffer(FrontendEncoder.execute(name, 0))
                .appendBuffer(FrontendEncoder.close(Kind.PORTAL, name))
                .appendBuffer(FrontendEncoder.close(Kind.STATEMENT, name));
    }

    @Override
    Buffer question() {
        return question;
    }

    @Override
    boolean takes(BackendMessage message) {
        return switch (message) {
            case BackendMessage.NoticeResponse notice -> {
                // Between the answer to the first Parse and the one to the second: what our own statements print is not the client's.
                String tree = TITLE.equals(notice.fields().get('M')) ? notice.fields().get('D') : null;
                if (parsed == 1 && tree != null) {
                    trees.add(tree);
                }
                yield true;
            }
            case BackendMessage.ParseComplete complete -> {
                parsed++;
                yield true;
            }
            case BackendMessage.RowDescription description -> {
                columns = description.columns();
                yield true;
            }
            case BackendMessage.CloseComplete complete -> {
                closed++;
                yield true;
            }
            case BackendMessage.NoData none -> true;
            case BackendMessage.ParameterDescription description -> true;
            case BackendMessage.DataRows data -> true;
            case BackendMessage.BindComplete complete -> true;
            case BackendMessage.CommandComplete complete -> true;
            default -> false;
        };
    }

    @Override
    boolean isComplete() {
        return !synced && closed == CLOSED;
    }

    /** The server's trees: one per notice. */
    List<String> trees() {
        return trees;
    }

    /** What the server says that the statement returns. */
    List<BackendMessage.Column> columns() {
        return columns;
    }
}
