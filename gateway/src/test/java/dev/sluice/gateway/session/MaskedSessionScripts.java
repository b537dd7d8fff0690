// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.DataType;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import dev.sluice.gateway.lineage.Disagreement;
import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.ColumnPattern;
import dev.sluice.gateway.masking.Mask;
import dev.sluice.gateway.masking.MaskPlan;
import dev.sluice.gateway.masking.MaskRule;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.masking.MaskTokens;
import dev.sluice.gateway.masking.TreeObjects;
import dev.sluice.gateway.masking.Uses;
import dev.sluice.gateway.policy.Decision;
import dev.sluice.gateway.policy.Mode;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.policy.Subject;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementReader;
import dev.sluice.gateway.statement.StatementReaderSettings;
import dev.sluice.gateway.wire.BackendReader;
import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.gateway.wire.FrontendReader;
import dev.sluice.gateway.wire.ProtocolViolation;
import dev.sluice.gateway.wire.TransactionStatus;
import dev.sluice.gateway.wire.testing.WireScript;
import dev.sluice.schemas.Principal;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A masked caller's session whose server and catalog answer as a test says. */
abstract class MaskedSessionScripts {
    private static final int TEXT = 25;
    private static final int PEOPLE = 20_000;
    static final Catalog CATALOG = new Catalog(
            "shop",
            18,
            "v",
            List.of(
                    new Relation(PEOPLE, "public", "people", RelationKind.TABLE, List.of(new Column(1, "id", 23, -1), new Column(2, "ssn", TEXT, -1)), List.of(), Set.of(), Set.of()),
                    new Relation(20_001, "public", "depts", RelationKind.TABLE, List.of(new Column(1, "name", TEXT, -1)), List.of(), Set.of(), Set.of())),
            List.of(),
            List.of(new DataType(TEXT, "pg_catalog", "text", DataType.Kind.BASE, 'S', 0, -1)),
            Set.of());
    static final MaskRules RULES = new MaskRules(
            List.of(new MaskRule("r", List.of(ColumnPattern.parse("public.people.ssn")), new Mask.Redact(), new Uses(Uses.Predicates.DENY, false, false, false))), Set.of());
    private static final BoundMasks MASKS = RULES.bind(CATALOG);
    static final String PLAIN = "1 \"ssn\" 0 0 25 -1 -1 0";
    static final String MASKED = "1 \"ssn\" " + PEOPLE + " 2 25 -1 -1 0";

    private static StatementReader reader;

    Policy policy = new AllowingPolicy();
    BoundMasks masks = MASKS;
    /** What happens while lineage is followed. */
    Runnable whilePlanning = () -> {};
    private final ArrayDeque<Input> inputs = new ArrayDeque<>();
    private final FrontendReader frontend = new FrontendReader(1 << 20);
    private final BackendReader backend = new BackendReader();
    private final Session session = new Session(
            new SessionContext("s", new Principal("alice", "https://issuer.test", Principal.Method.OIDC, Set.of(), null), null, "shop", "shop", "app", "psql", "127.0.0.1:1", () -> policy, () -> true,
                    new HoldPractice(SessionScript.WAITS, Duration.ofMinutes(2)), true, 1 << 16, new MaskTokens(new byte[MaskTokens.KEY_BYTES]), SessionScript.GATEWAY, Exposures.NONE, null, 1 << 18, null),
            Map.of("client_encoding", "UTF8", "standard_conforming_strings", "on"),
            TransactionStatus.IDLE,
            now());
    private Buffer sent = Buffer.buffer();
    private Buffer told = Buffer.buffer();
    /** Whether the server resolves {@code people} to the table with the masked column. */
    boolean resolvesToMasked = true;
    private String status = "I";
    int questions;
    final List<Disagreement> disagreements = new ArrayList<>();
    /** How often the catalog was read anew. */
    int readings;
    /** Besides the table with the masked column, what the server resolves statements to. */
    Set<Integer> others = Set.of();

    /** Masks, and allows everything. */
    private record AllowingPolicy() implements Policy {
        @Override
        public Mode mode() {
            return Mode.ENFORCE;
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Decision judge(Reading.Understood reading, Subject subject) {
            return new Decision.Allow("default");
        }

        @Override
        public MaskRules masks(Subject subject) {
            return RULES;
        }
    }

    @BeforeAll
    static void start() throws IOException {
        reader = StatementReader.start(StatementReaderSettings.DEFAULTS);
    }

    @AfterAll
    static void stop() {
        reader.close();
    }

    private static Moment now() {
        return new Moment(Instant.parse("2026-01-01T12:00:00Z"), 10_000_000_000L);
    }

    private void feed(Input first) {
        inputs.addLast(first);
        drain();
    }

    private void drain() {
        for (Input input = inputs.pollFirst(); input != null; input = inputs.pollFirst()) {
            session.on(input, now()).forEach(this::perform);
        }
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.Read read -> inputs.addLast(new Input.HasRead(reader.read(read.sql()).toCompletableFuture().join()));
            case Effect.Record record -> inputs.addLast(new Input.Acknowledged(record.mark()));
            case Effect.BindMasks bind -> inputs.addLast(new Input.MasksBound(bind.number(), masks, ""));
            case Effect.CatalogChanged changed -> readings++;
            case Effect.PlanMasks plan -> {
                whilePlanning.run();
                inputs.addLast(new Input.MasksPlanned(
                    plan.number(), plan.trees().contains("masked") ? new MaskPlan.Columns(List.of(new Mask.Redact()), List.of("public.people.ssn"), Set.of(), "public.people.ssn", true) : new MaskPlan.Nothing(), named(plan.trees())));
            }
            case Effect.ToBackend to -> {
                if (to.bytes().toString().contains("sluice_tree_on")) {
                    questions++;
                    answerTree(to.bytes().getByte(to.bytes().length() - 5) == 'S');
                } else {
                    sent.appendBuffer(to.bytes());
                }
            }
            case Effect.ToFrontend to -> told.appendBuffer(to.bytes());
            case Effect.Disagreed(var disagreement) -> disagreements.add(disagreement);
            default -> {}
        }
    }

    private TreeObjects named(List<String> trees) {
        Set<Integer> relations = new HashSet<>(others);
        if (trees.contains("masked")) {
            relations.add(PEOPLE);
        }
        return new TreeObjects(relations, Set.of());
    }

    private void answerTree(boolean synced) {
        String setting = "ParseComplete\nBindComplete\nDataRow 1 'x'\nCommandComplete \"SELECT 1\"\nCloseComplete\nCloseComplete\n";
        String tree = "NoticeResponse S \"LOG\" C \"00000\" M \"rewritten parse tree:\" D \"" + (resolvesToMasked ? "masked" : "other") + "\"\n";
        receive(setting + tree + "ParseComplete\nParameterDescription 0\nRowDescription " + (resolvesToMasked ? MASKED : PLAIN) + "\nCloseComplete\n" + setting + (synced ? "ReadyForQuery " + status : ""));
    }

    final void client(String... lines) {
        for (String line : lines) {
            frontend.feed(WireScript.message("F " + line));
            for (var message = next(); message != null; message = next()) {
                feed(new Input.FromFrontend(message));
            }
        }
    }

    private @Nullable FrontendMessage next() {
        try {
            return frontend.next();
        } catch (ProtocolViolation violation) {
            throw new AssertionError(violation);
        }
    }

    final void server(String lines) {
        receive(lines);
        drain();
    }

    private void receive(String lines) {
        lines.lines().filter(line -> !line.isEmpty()).forEach(line -> {
            if (line.startsWith("ReadyForQuery ")) {
                status = line.substring("ReadyForQuery ".length());
            }
            backend.feed(WireScript.message("B " + line));
            for (var message = backend.next(); message != null; message = backend.next()) {
                inputs.addLast(new Input.FromBackend(message));
            }
        });
    }

    final void runs(String sql, String tag, String ready) {
        client("Query \"" + sql + "\"");
        server("CommandComplete \"" + tag + "\"\nReadyForQuery " + ready);
    }

    final String sent() {
        String all = WireScript.describeFrontend(sent);
        sent = Buffer.buffer();
        return all;
    }

    final String told() {
        String all = WireScript.describeBackend(told);
        told = Buffer.buffer();
        return all;
    }
}
