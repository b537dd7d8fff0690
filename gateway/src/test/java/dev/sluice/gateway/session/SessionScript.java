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
import org.jspecify.annotations.Nullable;

/**
 * A session played from a script, with what both peers send cut at every place and in other ways ({@link Chunking#all}). Lines:
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
    private static final int LONG = 10_000;
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
        played.run(ScriptStep.of(script), 0);
        return played.recorded;
    }

    private static void play(Mode mode, HoldManner manner, @Nullable Instant credentialEnds, DetectionRules rules, String script) {
        List<ScriptStep> steps = ScriptStep.of(script);
        int ways = steps.stream().mapToInt(step -> ways(step).size()).max().orElse(1);
        for (int way = 0; way < ways; way++) {
            var played = new SessionScript(mode, manner, credentialEnds, rules);
            try {
                played.run(steps, way);
            } catch (AssertionError failure) {
                throw new AssertionError("chunking number " + way + "\n" + failure.getMessage(), failure);
            }
        }
    }

    /** Every stream is cut in its own way of this number; one that has fewer ways begins anew with its first. */
    private void run(List<ScriptStep> steps, int way) {
        steps.forEach(step -> play(step, way));
        KeptAnswers.prove(results, recorded);
        assertThat(WireScript.describeFrontend(toBackend)).as("sent to the server, not in the script").isEmpty();
        assertThat(WireScript.describeBackend(toFrontend)).as("sent to the client, not in the script").isEmpty();
    }

    private void play(ScriptStep step, int way) {
        switch (step.word()) {
            case "client" -> {
                for (Buffer chunk : chunks(step, way)) {
                    frontendReader.feed(chunk);
                    for (FrontendMessage message = nextFromClient(); message != null; message = nextFromClient()) {
                        feed(new Input.FromFrontend(message));
                    }
                }
            }
            case "server" -> {
                step.block().stream().filter(line -> line.startsWith("ReadyForQuery ")).forEach(line -> lastReady = line.substring("ReadyForQuery ".length()));
                for (Buffer chunk : chunks(step, way)) {
                    backendReader.feed(chunk);
                    for (BackendMessage message = backendReader.next(); message != null; message = backendReader.next()) {
                        feed(new Input.FromBackend(message));
                    }
                }
            }
            case ">" -> {
                assertThat(WireScript.describeFrontend(toBackend)).as("to the server").isEqualTo(step.expected());
                toBackend = Buffer.buffer();
            }
            case "<" -> {
                assertThat(WireScript.describeBackend(toFrontend)).as("to the client").isEqualTo(step.expected());
                toFrontend = Buffer.buffer();
            }
            case "*" -> {
                assertThat(events).as("recorded").isEqualTo(step.block());
                events.clear();
            }
            case "!" -> step.block().forEach(this::happen);
            default -> throw new IllegalArgumentException("not a word of a session script: " + step.word());
        }
    }

    private static List<Buffer> chunks(ScriptStep step, int way) {
        List<Chunking> ways = ways(step);
        return ways.get(way % ways.size()).chunks();
    }

    /** A stream of many thousand equal messages is not cut at each of its places. */
    private static List<Chunking> ways(ScriptStep step) {
        return step.bytes().length() > LONG ? Chunking.some(step.bytes()) : Chunking.all(step.bytes());
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
            case "drain deadline" -> feed(new Input.DrainDeadline());
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
}
