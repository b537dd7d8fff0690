// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.store.Database;
import dev.sluice.audit.store.Filters;
import dev.sluice.audit.store.SessionSearch;
import dev.sluice.audit.store.StatementSearch;
import dev.sluice.audit.store.StatementSearch.Sort;
import dev.sluice.audit.store.Visibility;
import dev.sluice.quickstart.LocalPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures searches of the audit-service over a generated set: each filter, sort and facet of statements and sessions, with another value each time. */
@Command(
        name = "deploy/bench/search",
        description = {
            "Fills the audit-service's tables with made-up statements and measures its searches, each with another value every time.",
            "The exit code is 1 when 95 of 100 are not under 300 ms in some search, or one finds what it should not, or nothing where it should.",
            "A million statements take about 1 GB of disk. A folder that is kept is used again as it is."
        },
        sortOptions = false,
        usageHelpWidth = 110)
final class SearchBench implements Callable<Integer> {
    private static final String SCHEMA = "sluice_audit";
    private static final String LOGIN = "sluice_audit";
    private static final double GOAL_MILLIS = 300;

    @Option(names = "--statements", paramLabel = "N", defaultValue = "1000000", description = "How many. Default: ${DEFAULT-VALUE}.")
    private int statements;

    @Option(names = "--days", paramLabel = "N", defaultValue = "30", description = "On how many days. Default: ${DEFAULT-VALUE}.")
    private int days;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "40", description = "How often each search is made. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--folder", paramLabel = "DIR", description = "Where the server's files are kept. Default: a temporary folder, removed afterwards.")
    private @Nullable Path folder;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli sets it, and reads it by its annotation
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    private SearchBench() {}

    public static void main(String... arguments) {
        System.exit(new CommandLine(new SearchBench()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Map<String, String> settings = Map.of(
                "fsync", "off", "full_page_writes", "off", "max_wal_size", "4GB", "shared_buffers", "1GB", "maintenance_work_mem", "512MB", "shared_preload_libraries", "");
        if (folder != null) {
            return measure(folder.toAbsolutePath(), settings, out) ? 0 : 1;
        }
        try (TemporaryFolder temporary = TemporaryFolder.create("sluice-search")) {
            return measure(temporary.path(), settings, out) ? 0 : 1;
        }
    }

    private boolean measure(Path home, Map<String, String> settings, PrintWriter out) throws IOException {
        try (LocalPostgres server = LocalPostgres.start(home, settings)) {
            Path password = home.resolve("login-password");
            if (server.created()) {
                Files.writeString(password, LOGIN);
                server.database(LOGIN, LOGIN, LOGIN);
            }
            var config = new AuditConfig.Database("127.0.0.1", server.port(), LOGIN, LOGIN, password, null, null, SCHEMA, 2);
            var set = new SearchSet(server, LOGIN, SCHEMA);
            if (server.created()) {
                set.fill(Database.dataSource(config), statements, days, line -> say(out, line));
            }
            set.index(Database.dataSource(config), days, line -> say(out, line));
            return measure(config, out);
        }
    }

    private boolean measure(AuditConfig.Database config, PrintWriter out) {
        Vertx vertx = Vertx.vertx();
        try {
            Pool pool = Database.open(vertx, config);
            var search = new StatementSearch(pool);
            boolean met = true;
            for (SearchCase one : SearchCase.all(days)) {
                met &= measure(one.name(), one.there(), out, round -> search.page(one.filter().apply(round), one.visibility(), one.sort(), one.descending(), null, 50)
                        .map(page -> page.items().size()));
            }
            Filters.Statements rare = SearchCase.filter(SearchCase.of("function", "pg_sleep"));
            for (String facet : StatementSearch.facets()) {
                boolean approved = facet.equals("approver");
                met &= measure("facet " + facet + " of what was denied", !approved, out, round -> counted(search.facet(facet, SearchCase.denied(), Visibility.ALL, 20)));
                if (!approved && !facet.equals("sqlstate")) {
                    met &= measure("facet " + facet + " by function, rare", true, out, round -> counted(search.facet(facet, rare, Visibility.ALL, 20)));
                }
                met &= measure("facet " + facet + " by table that is not there", false, out, round -> counted(
                        search.facet(facet, SearchCase.filter(SearchCase.of("table", "public.nothing_" + round)), Visibility.ALL, 20)));
            }
            var restricted = new Visibility(Set.of("small"));
            met &= measure("facet rule, seeing a small target alone", true, out, round -> counted(search.facet("rule", SearchCase.filter(new JsonObject()), restricted, 20)));
            String cursor = cursor(search, 20);
            met &= measure("the twentieth page of what was denied", true, out, round -> search.page(SearchCase.denied(), Visibility.ALL, Sort.STARTED, true, cursor, 50)
                    .map(page -> page.items().size()));
            return measureSessions(new SessionSearch(pool), out) && met;
        } finally {
            vertx.close().await();
        }
    }

    private boolean measureSessions(SessionSearch search, PrintWriter out) {
        boolean met = true;
        for (SessionCase one : SessionCase.all(days)) {
            met &= measure("sessions: " + one.name(), one.there(), out, round -> search.page(one.filter().apply(round), one.visibility(), one.sort(), one.descending(), null, 50)
                    .map(page -> page.items().size()));
        }
        for (String facet : SessionSearch.facets()) {
            met &= measure("sessions: facet " + facet, true, out, round -> counted(search.facet(facet, SessionCase.filter(new JsonObject()), Visibility.ALL, 20)));
            met &= measure("sessions: facet " + facet + " by table", true, out, round -> counted(
                    search.facet(facet, SessionCase.by(SearchCase.of("table", "public.orders_" + round * 7 % 300)), Visibility.ALL, 20)));
            met &= measure("sessions: facet " + facet + " by function, rare", true, out, round -> counted(
                    search.facet(facet, SessionCase.by(SearchCase.of("function", "pg_sleep")), Visibility.ALL, 20)));
        }
        return met;
    }

    private static Future<Integer> counted(Future<JsonObject> facet) {
        return facet.map(found -> found.getJsonArray("values").size());
    }

    /** Where the page of this number begins; null where there are fewer. */
    private static @Nullable String cursor(StatementSearch search, int number) {
        String cursor = null;
        for (int page = 1; page < number; page++) {
            cursor = search.page(SearchCase.denied(), Visibility.ALL, Sort.STARTED, true, cursor, 50).await().next();
        }
        return cursor;
    }

    private boolean measure(String name, boolean there, PrintWriter out, IntFunction<Future<Integer>> search) {
        List<Double> millis = new ArrayList<>();
        long found = 0;
        for (int round = 0; round < rounds; round++) {
            long start = System.nanoTime();
            found += search.apply(round).await();
            millis.add((System.nanoTime() - start) / 1e6);
        }
        millis.sort(Double::compareTo);
        double most = millis.get((int) Math.ceil(0.95 * rounds) - 1);
        say(out, String.format(Locale.ROOT, "%-52s half under %8.1f ms, 95 of 100 under %8.1f ms, %6.1f rows each%s",
                name, millis.get(rounds / 2), most, (double) found / rounds, most > GOAL_MILLIS ? "  above the goal" : ""));
        if (found > 0 != there) {
            say(out, there ? "    nothing was found though it is there" : "    something was found that is not there");
        }
        return most <= GOAL_MILLIS && found > 0 == there;
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
