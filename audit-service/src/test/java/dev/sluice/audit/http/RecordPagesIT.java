// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.projection.RawRecord;
import dev.sluice.audit.projection.RecordReader;
import dev.sluice.audit.store.Database;
import dev.sluice.audit.store.EvidenceStore;
import dev.sluice.audit.store.IngestStore;
import dev.sluice.audit.store.Migrations;
import dev.sluice.audit.store.Partition;
import dev.sluice.audit.store.Visibility;
import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.testing.Servers;
import dev.sluice.audit.verify.EvidenceVerifier;
import dev.sluice.audit.verify.PublicKeys;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.chain.ApprovalChain;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalSealed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.kafka.Topics;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Pieces of evidence while more of it comes in. */
final class RecordPagesIT {
    private static final String SCHEMA = "pages";
    private final Map<Partition, Long> next = new HashMap<>();

    private void write(IngestStore ingest, String topic, String key, byte[] value) {
        var partition = new Partition(topic, 0);
        long offset = next.merge(partition, 1L, Long::sum) - 1;
        if (offset == 0) {
            ingest.offsets(Map.of(partition, 0L));
        }
        var raw = new RawRecord(topic, 0, offset, Chain.START, key.getBytes(StandardCharsets.UTF_8), value);
        ingest.write(List.of(new RecordReader().read(raw)), Map.of(partition, offset), Map.of(partition, offset + 1));
    }

    @Test
    void anApprovalThatGrowsWhileItsSessionsAreExportedComesOnceAndInOrder() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (Servers servers = Servers.databaseOnly()) {
            DataSource source = Database.dataSource(servers.databaseConfig(SCHEMA));
            Migrations.apply(source, SCHEMA);
            Pool pool = Database.open(vertx, servers.databaseConfig(SCHEMA));
            try (var ingest = new IngestStore(source, Topics.SESSIONS.name())) {
                for (List<String> order : List.of(List.of("asks-1", "returns-1"), List.of("returns-2", "asks-2"))) {
                    grows(pool, ingest, order, order.contains("asks-1") ? "1" : "2");
                }
            }
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    private void grows(Pool pool, IngestStore ingest, List<String> order, String number) {
        String approvalId = "ticket-" + number;
        String query = "delete from orders";
        var asks = new Chain("asks-" + number).opened();
        StatementHeld ticket = Chain.ticket(asks.held(asks.decided(query, Outcome.HOLD, List.of("write")), query), approvalId, asks.sessionId());
        var returns = new Chain("returns-" + number).opened();
        String statementId = returns.decided(query, Outcome.HOLD, List.of("write"));
        returns.add(new StatementReleased(statementId, approvalId, Chain.verdict(ticket, "ann"), ticket)).completed(statementId, "DELETE 1", null, 1).closed();
        for (Chain chain : List.of(asks, returns)) {
            chain.records().forEach(record -> write(ingest, Topics.SESSIONS.name(), chain.sessionId(), record));
        }
        byte[] first = vote(asks, approvalId, "ann");
        byte[] second = vote(asks, approvalId, "bob");
        ApprovalChain sealed = ApprovalChain.START.with(first).with(second);
        byte[] seal = asks.beside(new ApprovalSealed(approvalId, sealed.records(), sealed.hash(), null), approvalId, Chain.START.plusSeconds(5));
        write(ingest, Topics.APPROVALS.name(), approvalId, first);

        var pages = new RecordPages(new EvidenceStore(pool));
        var told = new RecordPages.Told();
        var verifier = new EvidenceVerifier(PublicKeys.of(Chain.GATEWAY.publicKeys(), Chain.APPROVAL.publicKeys()));
        List<byte[]> exported = new ArrayList<>();
        Consumer<List<RawRecord>> taker = piece -> piece.forEach(record -> exported.add(record.value()));
        pages.raw(order.getFirst(), Visibility.ALL, told, taker);
        write(ingest, Topics.APPROVALS.name(), approvalId, second);
        write(ingest, Topics.APPROVALS.name(), approvalId, seal);
        pages.raw(order.getLast(), Visibility.ALL, told, taker);

        exported.forEach(verifier::accept);
        assertThat(verifier.report().allFindings()).as("%s", order).isEmpty();
        assertThat(exported).hasSize(asks.records().size() + returns.records().size() + 3).containsSubsequence(first, second, seal);
    }

    private static byte[] vote(Chain chain, String approvalId, String voter) {
        var principal = new Principal(voter, "https://issuer.test", Principal.Method.OIDC, Set.of("dba-oncall"), null);
        return chain.beside(new ApprovalVoted(approvalId, principal, Vote.APPROVE, "fine", "d"), approvalId, Chain.START.plusSeconds(3));
    }
}
