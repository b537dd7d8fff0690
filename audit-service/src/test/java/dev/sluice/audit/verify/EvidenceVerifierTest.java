// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.verify.Finding.Kind;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.event.StatementEvent.StatementWithdrawn;
import dev.sluice.schemas.signature.SigningKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EvidenceVerifierTest {
    private static final PublicKeys KEYS = PublicKeys.of(Chain.GATEWAY.publicKeys(), Chain.APPROVAL.publicKeys());

    private static Chain session() {
        return new Chain("s1").opened().allowed("select 1").checkpoint().released("delete from orders", "ann").denied("drop table orders").closed();
    }

    private static Report verify(List<byte[]> records) {
        var verifier = new EvidenceVerifier(KEYS);
        records.forEach(verifier::accept);
        return verifier.report();
    }

    private static List<Kind> kinds(Report report) {
        return report.allFindings().stream().map(Finding::kind).toList();
    }

    private static byte[] edited(byte[] record, String from, String to) {
        String text = new String(record, StandardCharsets.UTF_8);
        assertThat(text).contains(from);
        return text.replace(from, to).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aWholeSessionHasNothingAmiss() {
        Report report = verify(session().records());

        assertThat(report.allFindings()).isEmpty();
        SessionReport session = report.sessions().getFirst();
        assertThat(session.closed()).isTrue();
        assertThat(session.statements()).isEqualTo(3);
        assertThat(session.released()).isEqualTo(1);
        assertThat(session.sealed()).isEqualTo(session.lastSequence() - 1);
    }

    @Test
    void anyFlippedByteOfAnyRecordIsFound() {
        List<byte[]> records = session().records();
        for (int i = 0; i < records.size(); i++) {
            byte[] original = records.get(i);
            for (int at = 0; at < original.length; at += 61) {
                List<byte[]> forged = new ArrayList<>(records);
                byte[] changed = original.clone();
                changed[at] ^= 1;
                forged.set(i, changed);
                assertThat(verify(forged).ok()).as("record %d, byte %d", i, at).isFalse();
            }
        }
    }

    @Test
    void anEditIsNamedByTheRecordAfterIt() {
        List<byte[]> records = session().records();
        records.set(1, edited(records.get(1), "select 1", "select 2"));

        assertThat(verify(records).allFindings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.BROKEN_LINK);
            assertThat(finding.sequence()).isEqualTo(2);
        });
    }

    @Test
    void anEditedLastRecordBreaksItsSignature() {
        List<byte[]> records = session().records();
        records.set(records.size() - 1, edited(records.getLast(), "\"chainHash\":\"", "\"chainHash\":\"0"));

        assertThat(kinds(verify(records))).contains(Kind.CHECKPOINT_MISMATCH, Kind.BAD_SIGNATURE);
    }

    @Test
    void removalIsAGap() {
        List<byte[]> records = session().records();
        records.remove(2);

        assertThat(kinds(verify(records))).contains(Kind.GAP);
    }

    @Test
    void reorderingIsFound() {
        List<byte[]> records = session().records();
        Collections.swap(records, 1, 2);

        assertThat(kinds(verify(records))).contains(Kind.GAP, Kind.REORDERED);
    }

    @Test
    void aRepeatedDeliveryIsNoFinding() {
        List<byte[]> records = session().records();
        records.add(2, records.get(1));

        assertThat(kinds(verify(records))).isEmpty();
    }

    @Test
    void insertionIsFound() {
        List<byte[]> records = session().records();
        records.add(3, edited(records.get(1), "select 1", "select 2"));

        assertThat(kinds(verify(records))).contains(Kind.DUPLICATE);
    }

    /** Whoever rewrites a session may also have a list made of what it says since; that one must not silence an older one. */
    @Test
    void witnessesThatContradictEachOtherAreNoticedInAnyOrder() {
        Chain before = new Chain("s1").opened().allowed("select 1").closed();
        Chain since = new Chain("s1").opened().allowed("select 9").closed();
        long last = before.records().size() - 1L;
        var older = new KnownSession("s1", last, before.lastDigest());
        var newer = new KnownSession("s1", last, since.lastDigest());
        var without = new KnownSession("s1", last, null);

        for (List<KnownSession> witnesses : List.of(List.of(newer, older), List.of(older, newer), List.of(newer, without, older))) {
            var verifier = new EvidenceVerifier(KEYS);
            witnesses.forEach(verifier::know);
            since.records().forEach(verifier::accept);
            assertThat(kinds(verifier.report())).as("%s", witnesses).containsExactly(Kind.REWRITTEN);
        }
        var verifier = new EvidenceVerifier(KEYS);
        List.of(newer, without, newer).forEach(verifier::know);
        since.records().forEach(verifier::accept);
        assertThat(verifier.report().ok()).isTrue();
    }

    @Test
    void appendingAfterTheEndIsFound() {
        assertThat(kinds(verify(session().allowed("select 2").records()))).contains(Kind.AFTER_END);
    }

    @Test
    void aTruncatedSessionIsOpenAndAKnownEndNamesIt() {
        List<byte[]> records = session().records();
        long last = records.size() - 1L;
        records.removeLast();
        var verifier = new EvidenceVerifier(KEYS);
        records.forEach(verifier::accept);

        assertThat(verifier.report().openSessions()).isEqualTo(1);
        verifier.know(new KnownSession("s1", last, null));
        assertThat(kinds(verifier.report())).containsExactly(Kind.TRUNCATED);
    }

    @Test
    void aKnownSessionThatIsGoneOrWasWrittenAnewIsNamed() {
        Chain known = session();
        Chain anew = new Chain("s1").opened().allowed("select 9").allowed("select 2").allowed("select 3").allowed("select 4").allowed("select 5").closed();
        var verifier = new EvidenceVerifier(KEYS);
        verifier.know(new KnownSession("gone", 3, "ab"));
        verifier.know(new KnownSession("s1", known.records().size() - 1L, known.lastDigest()));
        anew.records().forEach(verifier::accept);

        assertThat(kinds(verifier.report())).containsExactlyInAnyOrder(Kind.REWRITTEN, Kind.MISSING);
        assertThat(verifier.report().sessions()).singleElement().satisfies(session -> assertThat(session.findings()).as("its own chain is whole").hasSize(1));
    }

    @Test
    void anotherGatewaysSignatureIsFound() {
        List<byte[]> records = new Chain("s1").opened().allowed("select 1").closed(SigningKey.generate()).records();

        assertThat(kinds(verify(records))).containsExactly(Kind.BAD_SIGNATURE);
    }

    @Test
    void withoutKeysNothingIsSaidToBeGenuine() {
        var verifier = new EvidenceVerifier(PublicKeys.of(null, null));
        session().records().forEach(verifier::accept);

        assertThat(kinds(verifier.report())).containsOnly(Kind.UNCHECKED_SIGNATURE).hasSize(3);
        assertThat(verifier.report().sessions().getFirst().sealed()).isEqualTo(-1);
    }

    @Test
    void aGrantForAnotherStatementIsNamed() {
        var chain = new Chain("s1").opened();
        StatementHeld first = chain.held(chain.decided("delete from a", Outcome.HOLD, List.of("write")), "delete from a");
        String grantForFirst = Chain.verdict(first, "ann");
        chain.add(new StatementWithdrawn(first.statementId(), first.approvalId(), "cancelled"));
        StatementHeld second = chain.held(chain.decided("delete from b", Outcome.HOLD, List.of("write")), "delete from b");
        chain.add(new StatementReleased(second.statementId(), second.approvalId(), grantForFirst));
        chain.completed(second.statementId(), "DELETE 1", null, 1).closed();

        assertThat(kinds(verify(chain.records()))).containsExactly(Kind.BAD_GRANT);
    }

    @Test
    void aRequesterAmongTheApproversIsNamed() {
        assertThat(kinds(verify(new Chain("s1").opened().released("delete from a", "agent-7").closed().records()))).containsExactly(Kind.BAD_GRANT);
    }

    @Test
    void theHumanBehindTheRequesterIsNoApprover() {
        assertThat(kinds(verify(new Chain("s1").opened().released("delete from a", "kim").closed().records()))).containsExactly(Kind.BAD_GRANT);
    }

    @Test
    void aGrantOfNobodyIsNamed() {
        assertThat(kinds(verify(new Chain("s1").opened().released("delete from a").closed().records()))).containsExactly(Kind.BAD_GRANT);
    }

    @Test
    void aHoldThatNobodyEndedIsNamedOnceTheSessionIsClosed() {
        var chain = new Chain("s1").opened();
        chain.held(chain.decided("delete from a", Outcome.HOLD, List.of("write")), "delete from a");
        assertThat(kinds(verify(chain.records()))).isEmpty();

        assertThat(kinds(verify(chain.closed().records()))).containsExactly(Kind.HOLD_WITHOUT_END);
    }

    @Test
    void whatRanWithoutAGrantIsNamed() {
        var chain = new Chain("s1").opened();
        chain.completed(chain.decided("delete from a", Outcome.HOLD, List.of("write")), "DELETE 1", null, 1);
        chain.completed(chain.decided("drop table a", Outcome.DENY, List.of("schema")), "DROP TABLE", null, 0);
        chain.completed("never-decided", "SELECT 1", null, 1).closed();

        assertThat(kinds(verify(chain.records()))).containsExactly(Kind.RAN_WITHOUT_GRANT, Kind.RAN_THOUGH_DENIED, Kind.COMPLETED_UNDECIDED);
    }

    @Test
    void aSecondEndOfAHoldIsNamed() {
        var chain = new Chain("s1").opened();
        StatementHeld held = chain.held(chain.decided("delete from a", Outcome.HOLD, List.of("write")), "delete from a");
        chain.add(new StatementReleased(held.statementId(), held.approvalId(), Chain.verdict(held, "ann")));
        chain.add(new StatementWithdrawn(held.statementId(), held.approvalId(), "cancelled"));
        chain.completed(held.statementId(), "DELETE 1", null, 1).closed();

        assertThat(kinds(verify(chain.records()))).containsExactly(Kind.END_WITHOUT_HOLD);
    }

    @Test
    void anUnknownTypeKeepsItsPlaceInTheChain() {
        var chain = new Chain("s1").opened().allowed("select 1");
        byte[] newer = edited(chain.records().get(1), "statement.decided.v1", "statement.pondered.v9");
        var again = new Chain("s1").add(chain.records().get(0)).add(newer);
        again.closed();

        assertThat(kinds(verify(again.records()))).containsExactly(Kind.UNKNOWN_TYPE);
    }

    @Test
    void recordsOfAnotherSessionAreForeignToOne() {
        var verifier = new EvidenceVerifier(KEYS, "s1");
        session().records().forEach(verifier::accept);
        new Chain("s2").opened().records().forEach(verifier::accept);

        assertThat(kinds(verifier.report())).containsExactly(Kind.FOREIGN);
    }

    @Test
    void whatIsNoEventIsNamed() {
        assertThat(kinds(verify(List.of("no event".getBytes(StandardCharsets.UTF_8), new byte[0])))).containsExactly(Kind.UNREADABLE, Kind.UNREADABLE);
    }

    @Test
    void aSessionThatEndedLongAgoIsStillKnown() {
        var verifier = new EvidenceVerifier(KEYS);
        Chain first = session();
        first.records().forEach(verifier::accept);
        for (int other = 0; other < 1_001; other++) {
            new Chain("other-" + other).opened().closed().records().forEach(verifier::accept);
        }
        assertThat(verifier.report().ok()).isTrue();
        assertThat(verifier.report().sessions()).hasSize(1_002);
        assertThat(verifier.report().openSessions()).isZero();
        verifier.accept(first.records().getLast());
        assertThat(verifier.report().ok()).isTrue();
        verifier.accept(edited(first.records().get(1), "select 1", "select 2"));
        assertThat(verifier.report().allFindings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.AFTER_END);
            assertThat(finding.sessionId()).isEqualTo("s1");
        });
        verifier.know(new KnownSession("s1", 99, null));
        assertThat(kinds(verifier.report())).containsExactly(Kind.TRUNCATED, Kind.AFTER_END);
    }
}
