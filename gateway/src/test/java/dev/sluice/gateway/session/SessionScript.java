// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.config.HoldMode;
import dev.sluice.gateway.config.TransactionHold;
import dev.sluice.gateway.detection.DetectionRules;
import dev.sluice.gateway.hold.TicketAnswer;
import dev.sluice.gateway.hold.WaitingStatement;
import dev.sluice.gateway.masking.MaskTokens;
import dev.sluice.gateway.policy.Mode;
import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.BackendReader;
import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.gateway.wire.FrontendReader;
import dev.sluice.gateway.wire.ProtocolViolation;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.gateway.wire.TransactionStatus;
import dev.sluice.gateway.wire.testing.Chunking;
import dev.sluice.gateway.wire.testing.WireScript;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ResultEvent;
import dev.sluice.schemas.event.StatementEvent;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A session played from a script, at every chunking of what both peers send. Lines:
 *
 * <pre>
 * client Query "select 1"        the client sends
 * server ReadyForQuery I         the server sends
 * > Query "select 1"             the server has received exactly this since the last check
 * < ReadyForQuery I              the client has received exactly this since the last check
 * * decided ALLOW                recorded since the last check, in words
 * ! acks off | ack | reading off | read | masked | binding off | bound | granted | refused | cancel | stalled | recovered | client gone | drain | closed
 * </pre>
 *
 * <p>Statements with the word {@code denied} or {@code held} get that decision. The answers to those with {@code kept} are kept, of those with
 * {@code first} the first row. Each answer that is kept is compared with what was recorded of it.
 */
final class SessionScript {
    static final HoldManner WAITS = new HoldManner(HoldMode.WAIT, null, TransactionHold.HOLD);
    static final GatewayFacts GATEWAY = new GatewayFacts(
            "/sluice/gateway/g", () -> List.of(new WaitingStatement("ticket-1", "delete from t", Instant.parse("2026-01-01T12:05:00Z"), "waiting")));
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final Mode mode;
    private final Session session;
    private final FrontendReader frontendReader = new FrontendReader(1 << 20);
    private final BackendReader backendReader = new BackendReader();
    private final ArrayDeque<Input> inputs = new ArrayDeque<>();
    private Buffer toBackend = Buffer.buffer();
    private Buffer toFrontend = Buffer.buffer();
    private final List<String> events = new ArrayList<>();
    private final List<StatementEvent> recorded = new ArrayList<>();
    private final List<ResultEvent.ResultRecorded> results = new ArrayList<>();
    private final ArrayDeque<Input> readings = new ArrayDeque<>();
    private boolean reading = true;
    private final ArrayDeque<Input> bindings = new ArrayDeque<>();
    private boolean binding = true;
    private boolean masked;
    private boolean room = true;
    private final AnsweringServer server = new AnsweringServer();
    private final ArrayDeque<Input> unsaid = new ArrayDeque<>();
    private String lastReady = "I";
    private boolean acknowledging = true;
    private long marked;
    private long nanos = 10_000_000_000L;
    private boolean closed;
    private Instant instant = NOON;
    private int cancels;
    private String approval = "";
    /** For which the client waits for its ticket's verdict. */
    private Duration patience = Duration.ZERO;
    /** What the ticket office knows. */
    private TicketAnswer ticket = new TicketAnswer.Unknown();
    private String policyVersion = "1";
    private StatementEvent.@Nullable StatementHeld presented;

    private SessionScript(Mode mode, HoldManner manner, @Nullable Instant credentialEnds, DetectionRules rules) {
        this.mode = mode;
        var principal = new Principal("alice", "https://issuer.test", Principal.Method.OIDC, Set.of("agents"), null);
        this.session = new Session(
                new SessionContext("s", principal, credentialEnds, "shop", "shop", "app", "psql", "127.0.0.1:1", () -> new WordPolicy(this.mode, policyVersion, rules, masked), () -> room, new HoldPractice(manner, Duration.ofMinutes(2)), true, 1 << 16, new MaskTokens(new byte[MaskTokens.KEY_BYTES]), SessionScript.GATEWAY, Exposures.NONE, null, 1 << 18, null),
                Map.of("client_encoding", "UTF8", "standard_conforming_strings", "on"),
                TransactionStatus.IDLE,
                new Moment(NOON, nanos));
        // The opening of the session is safe by now.
        feed(new Input.Acknowledged(0));
    }

    static void play(String script) {
        play(Mode.ENFORCE, script);
    }

    static void play(Mode mode, String script) {
        play(mode, null, script);
    }

    /** It is noon when the script begins, on the first of January 2026. */
    static void play(Mode mode, @Nullable Instant credentialEnds, String script) {
        play(mode, WAITS, credentialEnds, DetectionRules.NONE, script);
    }

    /** To a client that waits in this manner. */
    static void play(HoldManner manner, String script) {
        play(Mode.ENFORCE, manner, null, script);
    }

    /** The client's answers are searched. */
    static void play(DetectionRules rules, String script) {
        play(Mode.ENFORCE, WAITS, null, rules, script);
    }

    static void play(Mode mode, HoldManner manner, @Nullable Instant credentialEnds, String script) {
        play(mode, manner, credentialEnds, DetectionRules.NONE, script);
    }

    /** Plays it once, and tells what was recorded. */
    static List<StatementEvent> recorded(HoldManner manner, String script) {
        var played = new SessionScript(Mode.ENFORCE, manner, null, DetectionRules.NONE);
        played.run(script.lines().map(String::strip).filter(line -> !line.isEmpty()).toList(), chunkings().getFirst());
        return played.recorded;
    }

    private static void play(Mode mode, HoldManner manner, @Nullable Instant credentialEnds, DetectionRules rules, String script) {
        List<String> lines = script.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        for (Function<Buffer, Chunking> chunking : chunkings()) {
            var played = new SessionScript(mode, manner, credentialEnds, rules);
            try {
                played.run(lines, chunking);
            } catch (AssertionError failure) {
                throw new AssertionError("chunking: " + chunking.apply(WireScript.message("F Sync")).name() + "\n" + failure.getMessage(), failure);
            }
        }
    }

    private static List<Function<Buffer, Chunking>> chunkings() {
        var all = new ArrayList<Function<Buffer, Chunking>>();
        int fixed = Chunking.all(Buffer.buffer("x")).size();
        for (int i = 0; i < fixed; i++) {
            int index = i;
            all.add(stream -> Chunking.all(stream).get(index));
        }
        return all;
    }

    private void run(List<String> lines, Function<Buffer, Chunking> chunking) {
        int at = 0;
        while (at < lines.size()) {
            String word = lines.get(at).split(" ", 2)[0];
            int end = at;
            while (end < lines.size() && lines.get(end).split(" ", 2)[0].equals(word)) {
                end++;
            }
            List<String> block = lines.subList(at, end).stream().map(line -> line.substring(word.length()).strip()).toList();
            play(word, block, chunking);
            at = end;
        }
        KeptAnswers.prove(results, recorded);
        assertThat(WireScript.describeFrontend(toBackend)).as("sent to the server, not in the script").isEmpty();
        assertThat(WireScript.describeBackend(toFrontend)).as("sent to the client, not in the script").isEmpty();
    }

    private void play(String word, List<String> block, Function<Buffer, Chunking> chunking) {
        switch (word) {
            case "client" -> {
                for (Buffer chunk : chunking.apply(joined("F ", block)).chunks()) {
                    frontendReader.feed(chunk);
                    for (FrontendMessage message = nextFromClient(); message != null; message = nextFromClient()) {
                        feed(new Input.FromFrontend(message));
                    }
                }
            }
            case "server" -> {
                block.stream().filter(line -> line.startsWith("ReadyForQuery ")).forEach(line -> lastReady = line.substring("ReadyForQuery ".length()));
                for (Buffer chunk : chunking.apply(joined("B ", block)).chunks()) {
                    backendReader.feed(chunk);
                    for (BackendMessage message = backendReader.next(); message != null; message = backendReader.next()) {
                        feed(new Input.FromBackend(message));
                    }
                }
            }
            case ">" -> {
                assertThat(WireScript.describeFrontend(toBackend)).as("to the server").isEqualTo(block.equals(List.of("nothing")) ? "" : lines("F ", block));
                toBackend = Buffer.buffer();
            }
            case "<" -> {
                assertThat(WireScript.describeBackend(toFrontend)).as("to the client").isEqualTo(block.equals(List.of("nothing")) ? "" : lines("B ", block));
                toFrontend = Buffer.buffer();
            }
            case "*" -> {
                assertThat(events).as("recorded").isEqualTo(block);
                events.clear();
            }
            case "!" -> block.forEach(this::happen);
            default -> throw new IllegalArgumentException("not a word of a session script: " + word);
        }
    }

    private @Nullable FrontendMessage nextFromClient() {
        try {
            return frontendReader.next();
        } catch (ProtocolViolation violation) {
            return new FrontendMessage.Malformed((byte) violation.tag(), violation.sqlState(), violation.getMessage());
        }
    }

    private void happen(String event) {
        switch (event) {
            case "acks off" -> acknowledging = false;
            case "ack" -> {
                acknowledging = true;
                feed(new Input.Acknowledged(marked));
            }
            case "minutes pass" -> instant = NOON.plusSeconds(180);
            case "hours pass" -> instant = NOON.plusSeconds(7_200);
            case "later" -> nanos += 5_000_000_000L;
            case "question prepared" -> assertThat(server.prepared).isTrue();
            case "question closed" -> assertThat(server.prepared).isFalse();
            case "heartbeat" -> feed(new Input.Heartbeat());
            case "granted" -> feed(new Input.Granted(approval, "event", "verdict", null));
            case "granted for another minute" -> feed(new Input.Granted(approval, "event", "verdict", instant.plusSeconds(60)));
            case "granted until now" -> feed(new Input.Granted(approval, "event", "verdict", instant));
            case "granted another" -> feed(new Input.Granted("approval-of-another", "event", "verdict", null));
            case "role admin" -> server.surroundings = List.of("public", "admin", "app");
            case "surroundings unknown" -> server.surroundings = List.of();
            case "server timeout 10s", "server timeout 1s" -> server.timeout = event.substring("server timeout ".length());
            case "ticket not asked for" -> assertThat(presented).isNull();
            case "waits 9s", "waits 30s" -> assertThat(patience).isEqualTo(Duration.ofSeconds(event.equals("waits 9s") ? 9 : 30));
            case "table changed" -> server.objects = Map.of("public.t", "2");
            case "objects unknown" -> server.objects = Map.of();
            case "policy changed" -> policyVersion = "2";
            case "ticket forged" -> ticket = new TicketAnswer.Pending("ticket-other-9", NOON.plusSeconds(60), new TicketAnswer.Rejected("event", "forged", "the key is not known"));
            case "ticket replayed" -> feed(new Input.GrantRejected(presented().approvalId(), "again", "verdict", "another one was used before"));
            case "closed ticket replayed" -> feed(new Input.GrantRejected("ticket-other-9", "again", "verdict", "its ticket had ended before"));
            case "ticket pending" -> ticket = new TicketAnswer.Pending("ticket-other-9", NOON.plusSeconds(60), null);
            case "ticket granted" -> ticket = new TicketAnswer.Redeemed(presented(), "granted", "verdict", List.of(), null);
            case "ticket granted after a forged one" -> ticket = new TicketAnswer.Redeemed(presented(), "granted", "verdict", List.of(new TicketAnswer.Rejected("event", "forged", "the key is not known")), null);
            case "ticket rejected" -> ticket = new TicketAnswer.Ended("ticket-other-9", "rejected by pat: no", List.of());
            case "ticket void" -> ticket = new TicketAnswer.Ended("ticket-other-9", "its approval is void", List.of(new TicketAnswer.Rejected("event", "verdict", "drift")));
            case "ticket granted until now" -> ticket = new TicketAnswer.Redeemed(presented(), "granted", "verdict", List.of(), instant);
            case "ticket unavailable" -> ticket = new TicketAnswer.Unavailable();
            case "ticket decided" -> feed(new Input.TicketDecided(approval));
            case "patience ended" -> feed(new Input.PatienceEnded(approval));
            case "full" -> room = false;
            case "forged" -> feed(new Input.GrantRejected(approval, "event", "forged", "the signature does not verify"));
            case "replayed" -> feed(new Input.GrantRejected("approval-s-1", "event", "verdict", "another one was used before"));
            case "granted late" -> feed(new Input.Granted("approval-s-1", "event", "verdict", null));
            case "replayed to another session" -> feed(new Input.GrantRejected("approval-other-1", "event", "verdict", "another one was used before"));
            case "refused" -> feed(new Input.HoldRefused(approval, SqlState.INSUFFICIENT_PRIVILEGE, "not today"));
            case "cancel" -> feed(new Input.CancelRequested());
            case "reading off" -> reading = false;
            case "read" -> {
                reading = true;
                feed(readings.removeFirst());
            }
            case "masked" -> masked = true;
            case "binding off" -> binding = false;
            case "bound" -> feed(bindings.removeFirst());
            case "server silent" -> server.silent = true;
            case "server speaks" -> {
                server.silent = false;
                while (!unsaid.isEmpty()) {
                    feed(unsaid.removeFirst());
                }
            }
            case "client not read" -> assertThat(session.wantsFrontend()).isFalse();
            case "not cancelled upstream" -> assertThat(cancels).isZero();
            case "cancelled upstream" -> assertThat(cancels).isEqualTo(1);
            case "stalled" -> feed(new Input.RecordingStalled());
            case "recovered" -> feed(new Input.RecordingRecovered());
            case "client gone" -> feed(new Input.FrontendClosed());
            case "server gone" -> feed(new Input.BackendClosed());
            case "token revoked" -> feed(new Input.CredentialWithdrawn("agent token a has been revoked"));
            case "drain" -> feed(new Input.DrainRequested());
            case "open" -> assertThat(closed).isFalse();
            case "closed" -> assertThat(closed).isTrue();
            default -> throw new IllegalArgumentException("cannot happen: " + event);
        }
    }

    private void feed(Input first) {
        inputs.addLast(first);
        for (Input input = inputs.pollFirst(); input != null; input = inputs.pollFirst()) {
            for (Effect effect : session.on(input, new Moment(instant, nanos))) {
                perform(effect);
            }
        }
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.ToBackend to -> {
                List<BackendMessage> answers = server.answers(to.bytes(), lastReady);
                if (server.isSilentOn(to.bytes())) {
                    answers.forEach(answer -> unsaid.addLast(new Input.FromBackend(answer)));
                } else if (answers.isEmpty()) {
                    toBackend.appendBuffer(to.bytes());
                } else {
                    answers.forEach(answer -> inputs.addLast(new Input.FromBackend(answer)));
                }
            }
            case Effect.ToFrontend to -> toFrontend.appendBuffer(to.bytes());
            case Effect.Read read -> (reading ? inputs : readings).addLast(new Input.HasRead(PlainReader.read(read.sql())));
            case Effect.Record record -> {
                marked = record.mark();
                recorded.add(record.event());
                events.add(describe(record.event()));
                if (acknowledging) {
                    inputs.addLast(new Input.Acknowledged(marked));
                }
            }
            case Effect.RecordResult kept -> {
                marked = kept.mark();
                results.add(kept.result());
                events.add("kept " + kept.result().rows() + " rows" + (kept.result().last() ? ", last" : ""));
                if (acknowledging) {
                    inputs.addLast(new Input.Acknowledged(marked));
                }
            }
            case Effect.OpenHold open -> approval = open.hold().approvalId();
            case Effect.CloseHold close -> approval = "";
            case Effect.PresentTicket present -> {
                presented = present.again();
                answerTicket(ticket);
            }
            case Effect.OpenTicket open -> {
                presented = open.hold();
                boolean first = ticket instanceof TicketAnswer.Unknown;
                answerTicket(first ? new TicketAnswer.Pending(open.hold().approvalId(), open.hold().expiresAt(), null) : ticket);
            }
            case Effect.AwaitTicket await -> {
                approval = await.approvalId();
                patience = await.patience();
            }
            case Effect.LeaveTicket leave -> approval = "";
            case Effect.BindMasks bind -> (binding ? inputs : bindings).addLast(new Input.MasksBound(bind.number(), null, "no catalog in this script"));
            case Effect.PlanMasks plan -> throw new IllegalStateException("nothing was bound");
            case Effect.SearchWritten search -> throw new IllegalStateException("nothing was bound");
            case Effect.CatalogChanged changed -> events.add("catalog changed");
            case Effect.Disagreed disagreed -> events.add("disagreed " + disagreed.disagreement());
            case Effect.RelayCancel cancel -> cancels++;
            case Effect.CloseBoth close -> closed = true;
        }
    }

    private void answerTicket(TicketAnswer answer) {
        if (presented != null) {
            inputs.addLast(new Input.TicketAnswered(presented.statementId(), answer));
        }
    }

    private StatementEvent.StatementHeld presented() {
        return Objects.requireNonNull(presented);
    }

    private static String describe(StatementEvent event) {
        return switch (event) {
            case StatementEvent.StatementDecided decided -> "decided " + decided.outcome() + " " + decided.protocol() + " \"" + decided.query() + "\"";
            case StatementEvent.StatementParted parted -> "part " + parted.number();
            case StatementEvent.StatementHeld held -> "held \"" + held.query() + "\" as " + held.role() + " in " + held.searchPath();
            case StatementEvent.StatementReleased released -> "released " + released.verdict();
            case StatementEvent.GrantRejected rejected -> "rejected " + rejected.verdictEventId() + ", " + rejected.reason();
            case StatementEvent.StatementRefused refused -> "refused " + refused.sqlState();
            case StatementEvent.StatementWithdrawn withdrawn -> "withdrawn";
            case StatementEvent.StatementCompleted completed -> "completed " + completed.commandTags()
                    + " rows " + completed.rows() + (completed.sqlState() == null ? "" : " " + completed.sqlState())
                    + (completed.copiedInBytes() == null ? "" : " copied " + completed.copiedInBytes() + " " + completed.copiedInDigest());
        };
    }

    private static Buffer joined(String side, List<String> block) {
        Buffer bytes = Buffer.buffer();
        block.forEach(line -> bytes.appendBuffer(WireScript.message(side + line)));
        return bytes;
    }

    private static String lines(String side, List<String> block) {
        return String.join("\n", block.stream().map(line -> side + line).toList());
    }
}
