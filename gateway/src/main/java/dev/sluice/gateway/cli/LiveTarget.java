// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.cli;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.CatalogLoader;
import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.lineage.Lineage;
import dev.sluice.gateway.lineage.LineageResolver;
import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.FunctionBodies;
import dev.sluice.gateway.masking.Mask;
import dev.sluice.gateway.masking.MaskPlan;
import dev.sluice.gateway.masking.MaskPlanner;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.net.CatalogConnections;
import dev.sluice.gateway.net.UpstreamTls;
import dev.sluice.gateway.statement.CopyDirection;
import dev.sluice.gateway.statement.CopyOut;
import dev.sluice.gateway.statement.InnerQuery;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.gateway.statement.StatementReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A server that is asked what it makes of a statement. Nothing runs there but questions. For one thread. */
final class LiveTarget implements AutoCloseable {
    private static final int SECONDS = 30;
    private static final Set<String> OF_THE_DRIVER = Set.of(
            "host", "hostaddr", "port", "user", "password", "dbname", "sslmode", "application_name", "fallback_application_name", "search_path", "options");

    private static final String TITLE = "rewritten parse tree:";

    /** The server cannot be asked. The message says why. */
    static final class Unanswered extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unanswered(String message) {
            super(message, null, false, false);
        }
    }

    private final PgConnectOptions options;
    private final Vertx vertx = Vertx.vertx();

    private LiveTarget(PgConnectOptions options) {
        this.options = options;
    }

    static LiveTarget parse(String url, CommandSpec spec) {
        PgConnectOptions options;
        try {
            options = PgConnectOptions.fromUri(url);
        } catch (IllegalArgumentException unreadable) {
            throw new ParameterException(spec.commandLine(), "--url must be of the form postgres://user@host:5432/database; special characters are %-escaped");
        }
        if (!url.matches("[^:]+://[^@/]*:[^@/]*@.*")) {
            String password = System.getenv("PGPASSWORD");
            options.setPassword(password == null ? "" : password);
        }
        return new LiveTarget(CatalogConnections.secured(options, tls(options.getSslMode(), rootCertificate(url, spec), spec)));
    }

    /** Of what follows the question mark the driver takes what it knows and leaves out the rest without a word, {@code sslrootcert} too. */
    private static @Nullable String rootCertificate(String url, CommandSpec spec) {
        String rootCertificate = null;
        int question = url.indexOf('?');
        for (String parameter : question < 0 ? new String[0] : url.substring(question + 1).split("&")) {
            String[] parts = parameter.split("=", 2);
            if (parts[0].equals("sslrootcert") && parts.length == 2) {
                rootCertificate = URLDecoder.decode(parts[1].replace("+", "%2B"), StandardCharsets.UTF_8);
            } else if (!OF_THE_DRIVER.contains(parts[0])) {
                throw new ParameterException(spec.commandLine(), "--url has " + parts[0] + ", which is not supported: of TLS there are sslmode and sslrootcert");
            }
        }
        return rootCertificate;
    }

    private static UpstreamTls tls(SslMode mode, @Nullable String rootCertificate, CommandSpec spec) {
        UpstreamTls.Mode asked = switch (mode) {
            case DISABLE -> UpstreamTls.Mode.DISABLE;
            case PREFER -> UpstreamTls.Mode.PREFER;
            case REQUIRE -> UpstreamTls.Mode.REQUIRE;
            case VERIFY_CA -> UpstreamTls.Mode.VERIFY_CA;
            case VERIFY_FULL -> UpstreamTls.Mode.VERIFY_FULL;
            case ALLOW -> throw new ParameterException(spec.commandLine(), "--url has sslmode=allow, which is not supported: prefer asks for TLS where the server has it");
        };
        if (rootCertificate == null) {
            return new UpstreamTls(asked, null, null);
        }
        Path file = Path.of(rootCertificate);
        if (!Files.isReadable(file)) {
            throw new ParameterException(spec.commandLine(), "sslrootcert of --url cannot be read: " + file);
        }
        return new UpstreamTls(asked, file, null);
    }

    String database() {
        return options.getDatabase();
    }

    String user() {
        return options.getUser();
    }

    Findings look(String sql, Reading.Understood reading, MaskRules rules, StatementReader reader) {
        Catalog catalog = catalog();
        if (!LineageResolver.supports(catalog.serverMajor())) {
            throw new Unanswered("the server runs PostgreSQL " + catalog.serverMajor() + ", and lineage is known for " + LineageResolver.OLDEST_SERVER + " to "
                    + LineageResolver.NEWEST_SERVER);
        }
        BoundMasks masks = rules.bind(catalog, FunctionBodies.read(catalog, body -> reader.read(body).toCompletableFuture().join()));
        List<String> texts = reading.statements().size() == 1 ? List.of(sql) : InnerQuery.statements(sql, reading.statements().size());
        List<Findings.OfStatement> found = new ArrayList<>();
        boolean depends = false;
        for (int place = 0; place < reading.statements().size(); place++) {
            StatementFacts facts = reading.statements().get(place);
            String question = texts == null ? null : question(texts.get(place), facts);
            Lineage lineage = question == null ? null : LineageResolver.resolve(trees(question), catalog.serverMajor(), catalog);
            found.add(found(facts, masks, lineage));
            depends |= lineage instanceof Lineage.Resolved resolved ? MaskPlanner.usesMasked(masks, resolved) : !masks.isEmpty() && masks.reach().touches(facts);
        }
        return new Findings(Findings.names(rules), depends, found, masks.warnings());
    }

    /** What the server resolves at Parse; null where it does not. */
    private static @Nullable String question(String sql, StatementFacts facts) {
        if (facts.copy() == CopyDirection.OUT) {
            CopyOut copy = CopyOut.of(sql);
            return copy == null ? null : copy.query();
        }
        return facts.isPlannable() && facts.inner().isEmpty() ? sql : InnerQuery.of(sql, facts);
    }

    private static Findings.OfStatement found(StatementFacts facts, BoundMasks masks, @Nullable Lineage lineage) {
        return switch (lineage) {
            case null -> new Findings.OfStatement(
                    List.of(), List.of(), List.of(), !masks.isEmpty() && masks.reach().touches(facts) ? "PostgreSQL analyses " + facts.kind() + " only when it runs, and masked columns are in reach" : null);
            case Lineage.Unresolved(String expression, String reason, String hint, _) ->
                new Findings.OfStatement(List.of(), List.of(), List.of(), expression + ": " + reason + (hint.isEmpty() ? "" : ". " + hint));
            case Lineage.Resolved resolved -> found(masks, resolved);
        };
    }

    private static Findings.OfStatement found(BoundMasks masks, Lineage.Resolved lineage) {
        MaskPlan plan = MaskPlanner.plan(masks, lineage);
        List<Findings.Output> outputs = new ArrayList<>();
        for (int i = 0; i < lineage.outputs().size(); i++) {
            Lineage.Output output = lineage.outputs().get(i);
            Mask mask = plan instanceof MaskPlan.Columns columns && i < columns.outputs().size() ? columns.outputs().get(i) : null;
            outputs.add(new Findings.Output(output.name(), names(masks.catalog(), output.dependencies()), mask == null ? null : mask.toString()));
        }
        return new Findings.OfStatement(
                outputs,
                names(masks.catalog(), lineage.reads()),
                names(masks.catalog(), lineage.conditions()),
                plan instanceof MaskPlan.Refused(String reason, String hint) ? reason + ". " + hint : null);
    }

    private static List<String> names(Catalog catalog, Collection<ColumnId> columns) {
        return columns.stream().map(column -> name(catalog, column)).sorted().toList();
    }

    private static String name(Catalog catalog, ColumnId id) {
        Relation relation = catalog.relation(id.relation());
        if (relation == null) {
            return "relation " + Integer.toUnsignedString(id.relation()) + ", column " + id.number();
        }
        var column = relation.column(id.number());
        return relation.schema() + "." + relation.name() + "." + (column == null ? id.number() == 0 ? "*" : "column " + id.number() : column.name());
    }

    private Catalog catalog() {
        PgConnectOptions own = new PgConnectOptions(options)
                .setProperties(Map.of("application_name", "sluice policy explain", "search_path", "pg_catalog", "default_transaction_read_only", "on"));
        Pool pool = PgBuilder.pool().with(new PoolOptions().setMaxSize(1)).connectingTo(own).using(vertx).build();
        return wait(CatalogLoader.load(pool).eventually(pool::close), "the catalog cannot be read");
    }

    /** Has the server analyse the statement and send what it made of it, as the gateway does in a session. It is not executed. */
    private List<String> trees(String sql) {
        List<String> trees = new ArrayList<>();
        Future<List<String>> asked = PgConnection.connect(vertx, options).compose(connection -> {
            connection.noticeHandler(notice -> {
                if (TITLE.equals(notice.getMessage())) {
                    trees.add(notice.getDetail());
                }
            });
            return connection.query("BEGIN READ ONLY; SET LOCAL client_min_messages = log; SET LOCAL debug_pretty_print = off; SET LOCAL debug_print_rewritten = on")
                    .execute()
                    .onSuccess(begun -> trees.clear())
                    .compose(begun -> connection.prepare(sql))
                    .<List<String>>map(prepared -> List.copyOf(trees))
                    .eventually(connection::close);
        });
        return wait(asked, "the server objects to the statement");
    }

    private static <T> T wait(Future<T> future, String otherwise) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new Unanswered(otherwise + ": " + failed.getCause().getMessage());
        } catch (TimeoutException late) {
            throw new Unanswered(otherwise + " within " + SECONDS + " s");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unanswered("interrupted");
        }
    }

    @Override
    public void close() {
        vertx.close();
    }
}
