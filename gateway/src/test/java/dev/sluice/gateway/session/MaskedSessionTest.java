// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a masked caller's statement means may change between the moment when it is resolved and the one when it runs. */
class MaskedSessionTest {
    private static final int TEXT = 25;
    private static final int PEOPLE = 20_000;
    private static final Catalog CATALOG = new Catalog(
            "shop",
            18,
            "v",
            List.of(
                    new Relation(PEOPLE, "public", "people", RelationKind.TABLE, List.of(new Column(1, "id", 23, -1), new Column(2, "ssn", TEXT, -1)), List.of(), Set.of(), Set.of()),
                    new Relation(20_001, "public", "depts", RelationKind.TABLE, List.of(new Column(1, "name", TEXT, -1)), List.of(), Set.of(), Set.of())),
            List.of(),
            List.of(new DataType(TEXT, "pg_catalog", "text", DataType.Kind.BASE, 'S', 0, -1)),
            Set.of());
    private static final MaskRules RULES = new MaskRules(
            List.of(new MaskRule("r", List.of(ColumnPattern.parse("public.people.ssn")), new Mask.Redact(), new Uses(Uses.Predicates.DENY, false, false, false))), Set.of());
    private static final BoundMasks MASKS = RULES.bind(CATALOG);
    private static final String PLAIN = "1 \"ssn\" 0 0 25 -1 -1 0";
    private static final String MASKED = "1 \"ssn\" " + PEOPLE + " 2 25 -1 -1 0";

    private static StatementReader reader;

    private final ArrayDeque<Input> inputs = new ArrayDeque<>();
    private final FrontendReader frontend = new FrontendReader(1 << 20);
    private final BackendReader backend = new BackendReader();
    private final Session session = new Session(
            new SessionContext("s", new Principal("alice", "https://issuer.test", Principal.Method.OIDC, Set.of(), null), null, "shop", "shop", "app", "psql", "127.0.0.1:1", AllowingPolicy::new, () -> true,
                    new HoldPractice(SessionScript.WAITS, Duration.ofMinutes(2)), true, 1 << 16, new MaskTokens(new byte[MaskTokens.KEY_BYTES]), SessionScript.GATEWAY, Exposures.NONE, null, 1 << 18),
            Map.of("client_encoding", "UTF8", "standard_conforming_strings", "on"),
            TransactionStatus.IDLE,
            now());
    private Buffer sent = Buffer.buffer();
    private Buffer told = Buffer.buffer();
    /** Whether the server resolves {@code people} to the table with the masked column. */
    private boolean resolvesToMasked = true;
    private String status = "I";
    private int questions;
    private final List<Disagreement> disagreements = new ArrayList<>();

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
            case Effect.BindMasks bind -> inputs.addLast(new Input.MasksBound(bind.number(), MASKS, ""));
            case Effect.PlanMasks plan -> inputs.addLast(new Input.MasksPlanned(
                    plan.number(), plan.trees().contains("masked") ? new MaskPlan.Columns(List.of(new Mask.Redact()), List.of("public.people.ssn"), Set.of(), "public.people.ssn", true) : new MaskPlan.Nothing()));
            case Effect.ToBackend to -> {
                if (to.bytes().toString().contains("sluice_tree_on")) {
                    questions++;
                    answerTree(to.bytes().getByte(to.bytes().length() - 5) == 'S');
                } else {
                    sent.appendBuffer(to.bytes());
                }
            }
            case Effect.Disagreed(var disagreement) -> disagreements.add(disagreement);
            case Effect.ToFrontend to -> told.appendBuffer(to.bytes());
            default -> {}
        }
    }

    private void answerTree(boolean synced) {
        String setting = "ParseComplete\nBindComplete\nDataRow 1 'x'\nCommandComplete \"SELECT 1\"\nCloseComplete\nCloseComplete\n";
        String tree = "NoticeResponse S \"LOG\" C \"00000\" M \"rewritten parse tree:\" D \"" + (resolvesToMasked ? "masked" : "other") + "\"\n";
        receive(setting + tree + "ParseComplete\nParameterDescription 0\nRowDescription " + (resolvesToMasked ? MASKED : PLAIN) + "\nCloseComplete\n" + setting + (synced ? "ReadyForQuery " + status : ""));
    }

    private void client(String... lines) {
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

    private void server(String lines) {
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

    private void runs(String sql, String tag, String ready) {
        client("Query \"" + sql + "\"");
        server("CommandComplete \"" + tag + "\"\nReadyForQuery " + ready);
    }

    private String sent() {
        String all = WireScript.describeFrontend(sent);
        sent = Buffer.buffer();
        return all;
    }

    private String told() {
        String all = WireScript.describeBackend(told);
        told = Buffer.buffer();
        return all;
    }

    @Test
    void whatFollowsTheEndOfAFailedTransactionDoesNotRunUnresolved() {
        runs("BEGIN", "BEGIN", "T");
        client("Query \"SELECT 1/0\"");
        server("ErrorResponse S \"ERROR\" C \"22012\" M \"division by zero\"\nReadyForQuery E");
        sent();
        told();

        client("Query \"ROLLBACK; INSERT INTO mine SELECT ssn FROM people\"");

        assertThat(sent()).doesNotContain("INSERT");
        client("Query \"SELECT ssn FROM people\"");
        assertThat(sent()).contains("SELECT ssn");
    }

    @Test
    void behindTheEndOfATransactionThatChangedThePathNothingIsResolved() {
        runs("BEGIN", "BEGIN", "T");
        runs("SET LOCAL search_path = other", "SET", "T");
        runs("SAVEPOINT a", "SAVEPOINT", "T");
        runs("ROLLBACK TO a", "ROLLBACK", "T");
        resolvesToMasked = false;
        sent();

        client("Query \"COMMIT; SELECT ssn || '' FROM people\"");

        assertThat(sent()).doesNotContain("COMMIT");
    }

    @Test
    void behindTheEndOfATransactionThatChangedNothingAllIsAsBefore() {
        runs("BEGIN", "BEGIN", "T");

        client("Query \"COMMIT; SELECT ssn FROM people\"");

        assertThat(sent()).contains("COMMIT; SELECT ssn");
    }

    @Test
    void aPlanDoesNotOutliveTheImplicitTransactionThatItWasMadeIn() {
        client("Parse \"t\" \"SET LOCAL search_path = other\" 0", "Bind \"\" \"t\" 0 0 0", "Execute \"\" 0", "Parse \"s\" \"SELECT ssn FROM people\" 0");
        resolvesToMasked = false;
        server("ParseComplete\nBindComplete\nNoData\nCommandComplete \"SET\"");
        client("Sync");
        server("ParseComplete\nReadyForQuery I");
        resolvesToMasked = true;
        int before = questions;

        client("Bind \"\" \"s\" 0 0 0", "Execute \"\" 0", "Sync");
        server("BindComplete\nRowDescription " + MASKED + "\nDataRow 1 '912-84-7735'\nCommandComplete \"SELECT 1\"\nReadyForQuery I");

        assertThat(before).isEqualTo(1);
        assertThat(questions).isEqualTo(2);
        assertThat(told()).contains("***").doesNotContain("912");
    }

    @Test
    void aPlanIsRememberedOnceATransactionIsOver() {
        runs("SET search_path = public", "SET", "I");
        for (int i = 0; i < 3; i++) {
            client("Query \"SELECT ssn FROM people\"");
            server("RowDescription " + MASKED + "\nCommandComplete \"SELECT 0\"\nReadyForQuery I");
        }

        assertThat(questions).isEqualTo(1);
    }

    private void bindsPortal() {
        client("Parse \"\" \"SELECT name FROM depts\" 0", "Bind \"c\" \"\" 0 0 0", "Sync");
        server("ParseComplete\nBindComplete\nReadyForQuery T");
    }

    private void declaresCursor() {
        client("Query \"DECLARE c CURSOR FOR SELECT ssn FROM people\"");
        server("CommandComplete \"DECLARE CURSOR\"\nReadyForQuery T");
        sent();
    }

    @Test
    void aCursorIsNotTakenForAPortalThatASavepointHasEnded() {
        runs("BEGIN", "BEGIN", "T");
        runs("SAVEPOINT a", "SAVEPOINT", "T");
        bindsPortal();
        runs("ROLLBACK TO a", "ROLLBACK", "T");
        declaresCursor();

        client("Execute \"c\" 0", "Sync");

        assertThat(sent()).doesNotContain("Execute \"c\"");
    }

    @Test
    void aCursorIsNotTakenForAPortalThatATransactionHasEnded() {
        runs("BEGIN", "BEGIN", "T");
        bindsPortal();
        client("Query \"COMMIT; BEGIN\"");
        server("CommandComplete \"COMMIT\"\nCommandComplete \"BEGIN\"\nReadyForQuery T");
        declaresCursor();

        client("Execute \"c\" 0", "Sync");

        assertThat(sent()).doesNotContain("Execute \"c\"");
    }

    @Test
    void aCursorIsNotTakenForAPortalThatMayNotBeMade() {
        runs("BEGIN", "BEGIN", "T");
        declaresCursor();
        runs("SAVEPOINT a", "SAVEPOINT", "T");
        sent();

        client("Parse \"\" \"SELECT name FROM depts\" 0", "Bind \"c\" \"\" 0 0 0", "Sync", "Query \"ROLLBACK TO a\"", "Execute \"c\" 0", "Sync");

        assertThat(sent()).doesNotContain("Execute \"c\"");
    }

    @Test
    void aPortalIsDescribedBeforeItsRowsAreShown() {
        resolvesToMasked = false;
        client("Parse \"\" \"SELECT ssn FROM people\" 0", "Bind \"\" \"\" 0 0 0", "Execute \"\" 0", "Sync");

        assertThat(sent()).contains("Describe P \"\"");
        server("ParseComplete\nBindComplete\nRowDescription " + MASKED + "\nDataRow 1 '912-84-7735'\nCommandComplete \"SELECT 1\"\nReadyForQuery I");

        assertThat(told()).contains("the server says that the result shows public.people.ssn").doesNotContain("912");
        assertThat(disagreements).containsExactly(Disagreement.DESCRIPTION);
    }

    @Test
    void anAnswerOfOtherColumnsThanThoseThatWereResolvedIsWithheld() {
        client("Query \"SELECT ssn FROM people\"");
        server("RowDescription " + PLAIN + "\nDataRow 1 '912-84-7735'\nCommandComplete \"SELECT 1\"\nReadyForQuery I");

        assertThat(told()).contains("other columns than those that the statement was resolved to").doesNotContain("912");
        assertThat(disagreements).containsExactly(Disagreement.ANSWER);
    }

    @Test
    void errorsOfConstraintsThatWerePutOffTellNoValue() {
        runs("BEGIN", "BEGIN", "T");
        runs("UPDATE people SET id = 4", "UPDATE 1", "T");
        told();

        client("Query \"COMMIT\"");
        server("ErrorResponse S \"ERROR\" C \"23503\" M \"violates\" D \"Key (ssn)=(912-84-7735) is still referenced\"\nReadyForQuery I");

        assertThat(told()).contains("23503").doesNotContain("912");
    }

    @Test
    void errorsAtTheEndOfASeriesTellNoValueEither() {
        client("Parse \"\" \"UPDATE people SET id = 4\" 0", "Bind \"\" \"\" 0 0 0", "Execute \"\" 0", "Sync");
        server("ParseComplete\nBindComplete\nNoData\nCommandComplete \"UPDATE 1\"");
        server("ErrorResponse S \"ERROR\" C \"23503\" M \"violates\" D \"Key (ssn)=(912-84-7735) is still referenced\"\nReadyForQuery I");
        assertThat(told()).contains("23503").doesNotContain("912");

        client("Query \"INSERT INTO depts VALUES ('lab')\"");
        server("ErrorResponse S \"ERROR\" C \"23505\" M \"duplicate\" D \"Key (name)=(lab) already exists.\"\nReadyForQuery I");
        assertThat(told()).contains("Key (name)=(lab) already exists.");
    }

    @Test
    void explainTellsPlansOfMaskedColumnsAndNoSizes() {
        client("Query \"EXPLAIN SELECT ssn FROM people\"");
        assertThat(sent()).contains("EXPLAIN SELECT");
        server("RowDescription 1 \"QUERY PLAN\" 0 0 25 -1 -1 0\nDataRow 1 'Seq Scan on people'\nCommandComplete \"EXPLAIN\"\nReadyForQuery I");
        assertThat(told()).contains("Seq Scan");

        client("Query \"EXPLAIN (ANALYZE) SELECT ssn FROM people\"");
        assertThat(sent()).isEmpty();
        assertThat(told()).contains("EXPLAIN ANALYZE would tell sizes");
    }

    @Test
    void rowsOfCopyAreMaskedInUtf8Alone() {
        client("Query \"COPY (SELECT ssn FROM people) TO STDOUT\"");
        assertThat(sent()).contains("COPY");
        server("CopyOutResponse 0 1 0\nCopyDone\nCommandComplete \"COPY 0\"\nReadyForQuery I");

        client("Query \"SET client_encoding = 'SJIS'\"");
        server("CommandComplete \"SET\"\nParameterStatus \"client_encoding\" \"SJIS\"\nReadyForQuery I");
        sent();
        told();
        client("Query \"COPY (SELECT ssn FROM people) TO STDOUT\"");
        assertThat(sent()).isEmpty();
        assertThat(told()).contains("SET client_encoding = 'UTF8'");
    }
}
