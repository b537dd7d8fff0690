// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.gateway.wire.testing.WireScript;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's rules of who is answered what, without a database behind them ({@link ModelServerIT} compares it with one): extended-query errors skip to Sync, transactions fail and
 * end, portals end with their transaction, answers to extended query stay until Flush or Sync. A text with the word {@code denied} is an
 * error here, as if the server had refused it; what is not one of the known words is a syntax error.
 */
final class ModelServer {
    static final String DENIED = "S \"ERROR\" V \"ERROR\" C \"42501\" M \"statement denied by rule word: the word says so\"";

    private static final String ABORTED = error("25P02", "current transaction is aborted, commands ignored until end of transaction block");

    private final Map<String, String> statements = new HashMap<>();
    private final Map<String, Portal> portals = new HashMap<>();
    private char status = 'I';
    private boolean skipping;
    /** A statement of this pipeline, outside of a transaction block, has run by extended query. */
    private boolean pipelining;
    /** Its transaction is a block without BEGIN, as PostgreSQL makes it for what follows: a Query of one statement does not end it. */
    private boolean implicit;
    private Buffer unflushed = Buffer.buffer();
    private Buffer sent = Buffer.buffer();

    /** A statement ready to run: once to its end, and not at all when its transaction has failed since. */
    private static final class Portal {
        private final String sql;
        private boolean done;
        private boolean failed;

        private Portal(String sql) {
            this.sql = sql;
        }
    }

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
        boolean runs = !(message instanceof FrontendMessage.Close || message instanceof FrontendMessage.Flush || message instanceof FrontendMessage.Sync);
        implicit |= runs && pipelining && status == 'I';
        switch (message) {
            case FrontendMessage.Query query -> simple(query.sql());
            case FrontendMessage.Parse parse -> parse(parse);
            case FrontendMessage.Bind bind -> bind(bind);
            case FrontendMessage.Execute execute -> execute(execute.portal());
            case FrontendMessage.Describe describe -> {
                if (!portals.containsKey(describe.name())) {
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
                if (status == 'I') {
                    transactionEnds();
                }
                ready();
            }
            default -> throw new IllegalStateException("the model does not know " + message);
        }
    }

    /** A Parse drops the unnamed statement that it replaces even where it fails (exec_parse_message). */
    private void parse(FrontendMessage.Parse parse) {
        String name = parse.statement();
        if (name.isEmpty()) {
            statements.remove("");
        }
        String error = rawError(parse.sql());
        if (error == null) {
            error = abortedError(parse.sql());
        }
        if (error == null && statements.containsKey(name)) {
            error = error("42P05", "prepared statement \\\"" + name + "\\\" already exists");
        }
        if (error == null) {
            statements.put(name, parse.sql());
            say("ParseComplete");
        } else {
            fail(error);
        }
    }

    private void bind(FrontendMessage.Bind bind) {
        String name = bind.statement();
        String sql = statements.get(name);
        String error = sql == null
                ? error("26000", name.isEmpty() ? "unnamed prepared statement does not exist" : "prepared statement \\\"" + name + "\\\" does not exist")
                : abortedError(sql);
        if (error == null && !bind.portal().isEmpty() && portals.containsKey(bind.portal())) {
            error = error("42P03", "cursor \\\"" + bind.portal() + "\\\" already exists");
        }
        if (error == null && sql != null) {
            portals.put(bind.portal(), new Portal(sql));
            say("BindComplete");
        } else {
            fail(String.valueOf(error));
        }
    }

    private void execute(String name) {
        Portal portal = portals.get(name);
        if (portal == null) {
            fail(error("34000", "portal \\\"" + name + "\\\" does not exist"));
        } else if (portal.failed && status == 'E' || abortedError(portal.sql) != null) {
            fail(ABORTED);
        } else if (portal.done) {
            // What has rows can be asked for more, and has none.
            if (word(portal.sql).equals("select")) {
                say("CommandComplete \"SELECT 0\"");
                pipelining = true;
            } else {
                fail(error("55000", "portal \\\"" + name + "\\\" cannot be run"));
            }
        } else {
            portal.done = true;
            String error = run(portal.sql, false);
            if (error != null) {
                fail(error);
            } else {
                pipelining |= !List.of("begin", "commit", "rollback").contains(word(portal.sql));
            }
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
                error = abortedError(statement.strip());
                if (error == null) {
                    portals.put("", new Portal(statement));
                    error = run(statement.strip(), true);
                }
                if (error == null) {
                    portals.remove("");
                }
            }
        }
        if (error != null) {
            say("ErrorResponse " + error);
            abort();
        }
        if (status == 'I' && (!implicit || sql.contains(";"))) {
            transactionEnds();
        }
        ready();
    }

    private @Nullable String run(String sql, boolean describes) {
        switch (word(sql)) {
            case "begin" -> {
                status = 'T';
                implicit = false;
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

    private void transactionEnds() {
        portals.clear();
        status = 'I';
        pipelining = false;
        implicit = false;
    }

    private static @Nullable String rawError(String sql) {
        if (sql.contains("denied")) {
            return DENIED;
        }
        return sql.startsWith("refused by sluice") ? error("42601", "syntax error") : null;
    }

    private @Nullable String abortedError(String sql) {
        return status == 'E' && !endsTransaction(sql) ? ABORTED : null;
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
            portals.values().forEach(portal -> portal.failed = true);
        } else if (status == 'I') {
            transactionEnds();
        }
    }

    private void ready() {
        say("ReadyForQuery " + (implicit ? 'T' : status));
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
