// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.gateway.wire.testing.WireScript;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's rules of who is answered what, without a database behind them: extended-query errors skip to Sync, transactions fail and
 * end, portals end with their transaction, answers to extended query stay until Flush or Sync. A text with the word {@code denied} is an
 * error here, as if the server had refused it; what is not one of the known words is a syntax error.
 */
final class ModelServer {
    static final String DENIED = "S \"ERROR\" V \"ERROR\" C \"42501\" M \"statement denied by rule word: the word says so\"";

    private final Map<String, String> statements = new HashMap<>();
    private final Map<String, String> portals = new HashMap<>();
    private char status = 'I';
    private boolean skipping;
    private Buffer unflushed = Buffer.buffer();
    private Buffer sent = Buffer.buffer();

    /** What has been sent since the last call. */
    Buffer take() {
        Buffer taken = sent;
        sent = Buffer.buffer();
        return taken;
    }

    void receive(FrontendMessage message) {
        if (skipping && !(message instanceof FrontendMessage.Sync)) {
            return;
        }
        switch (message) {
            case FrontendMessage.Query query -> simple(query.sql());
            case FrontendMessage.Parse parse -> {
                String error = rawError(parse.sql());
                if (error != null || (error = abortedError(parse.sql())) != null) {
                    fail(error);
                } else if (!parse.statement().isEmpty() && statements.containsKey(parse.statement())) {
                    fail(error("42P05", "prepared statement \\\"" + parse.statement() + "\\\" already exists"));
                } else {
                    statements.put(parse.statement(), parse.sql());
                    say("ParseComplete");
                }
            }
            case FrontendMessage.Bind bind -> {
                String sql = statements.get(bind.statement());
                if (sql == null) {
                    String name = bind.statement();
                    fail(error("26000", name.isEmpty() ? "unnamed prepared statement does not exist" : "prepared statement \\\"" + name + "\\\" does not exist"));
                } else if (abortedError(sql) != null) {
                    fail(abortedError(sql));
                } else {
                    portals.put(bind.portal(), sql);
                    say("BindComplete");
                }
            }
            case FrontendMessage.Execute execute -> {
                String sql = portals.get(execute.portal());
                if (sql == null) {
                    fail(error("34000", "portal \\\"" + execute.portal() + "\\\" does not exist"));
                } else {
                    String error = run(sql, false);
                    if (error != null) {
                        fail(error);
                    }
                }
            }
            case FrontendMessage.Describe describe -> {
                String sql = portals.get(describe.name());
                if (sql == null) {
                    fail(error("34000", "portal \\\"" + describe.name() + "\\\" does not exist"));
                } else {
                    say("NoData");
                }
            }
            case FrontendMessage.Close close -> {
                (close.kind() == FrontendMessage.Kind.STATEMENT ? statements : portals).remove(close.name());
                say("CloseComplete");
            }
            case FrontendMessage.Flush flush -> flush();
            case FrontendMessage.Sync sync -> {
                skipping = false;
                ready();
            }
            default -> throw new IllegalStateException("the model does not know " + message);
        }
    }

    /** A Query drops the unnamed statement at once and takes the unnamed portal for each of its statements (exec_simple_query). */
    private void simple(String sql) {
        statements.remove("");
        String error = rawError(sql);
        if (error == null && sql.isBlank()) {
            say("EmptyQueryResponse");
        }
        for (String statement : sql.split(";")) {
            if (error == null && !statement.isBlank()) {
                portals.remove("");
                error = run(statement.strip(), true);
            }
        }
        if (error != null) {
            say("ErrorResponse " + error);
            abort();
        }
        ready();
    }

    private @Nullable String run(String sql, boolean describes) {
        String aborted = abortedError(sql);
        if (aborted != null) {
            return aborted;
        }
        switch (word(sql)) {
            case "begin" -> {
                status = 'T';
                say("CommandComplete \"BEGIN\"");
            }
            case "commit" -> {
                say(status == 'E' ? "CommandComplete \"ROLLBACK\"" : "CommandComplete \"COMMIT\"");
                transactionEnds();
            }
            case "rollback" -> {
                say("CommandComplete \"ROLLBACK\"");
                transactionEnds();
            }
            case "select" -> {
                if (describes) {
                    say("RowDescription 1 \"n\" 0 0 23 4 -1 0");
                }
                say("DataRow 1 '1'");
                say("CommandComplete \"SELECT 1\"");
            }
            case "set" -> say("CommandComplete \"SET\"");
            case "update" -> say("CommandComplete \"UPDATE 1\"");
            default -> {
                return error("23505", "it fails when it runs");
            }
        }
        return null;
    }

    /** In PostgreSQL the portal that ran the end itself stays until Sync, but only to refuse another Execute: an error either way. */
    private void transactionEnds() {
        portals.clear();
        status = 'I';
    }

    private static @Nullable String rawError(String sql) {
        if (sql.contains("denied")) {
            return DENIED;
        }
        return sql.startsWith("refused by sluice") ? error("42601", "syntax error") : null;
    }

    private @Nullable String abortedError(String sql) {
        return status == 'E' && !endsTransaction(sql) ? error("25P02", "current transaction is aborted, commands ignored until end of transaction block") : null;
    }

    private static boolean endsTransaction(String sql) {
        return word(sql).equals("commit") || word(sql).equals("rollback");
    }

    private static String word(String sql) {
        return sql.isBlank() ? "" : sql.strip().split("\\s+")[0].toLowerCase(Locale.ROOT);
    }

    private static String error(String code, String message) {
        return "S \"ERROR\" V \"ERROR\" C \"" + code + "\" M \"" + message + "\"";
    }

    private void fail(String error) {
        say("ErrorResponse " + error);
        flush();
        abort();
        skipping = true;
    }

    private void abort() {
        if (status == 'T') {
            status = 'E';
        }
    }

    private void ready() {
        if (status == 'I') {
            portals.clear();
        }
        say("ReadyForQuery " + status);
        flush();
    }

    private void say(String line) {
        unflushed.appendBuffer(WireScript.message("B " + line));
    }

    private void flush() {
        sent.appendBuffer(unflushed);
        unflushed = Buffer.buffer();
    }
}
