// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.masking.MaskTokens;
import dev.sluice.gateway.policy.Mode;
import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.BackendReader;
import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.gateway.wire.FrontendReader;
import dev.sluice.gateway.wire.TransactionStatus;
import dev.sluice.gateway.wire.testing.WireScript;
import dev.sluice.schemas.Principal;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever a client sends, in whatever order the server, Kafka and the client are heard: the client gets what it would have got from a server
 * that refuses the denied statements itself, byte for byte. That is the whole of "legal replies, in order, one per request".
 */
class PipelinePropertyTest {
    private static final List<String> TEXTS = List.of(
            "select 1", "update t", "begin", "commit", "rollback", "update denied", "explode", "set x", "select 1; update t", "update t; explode; select 1", "");
    private static final List<String> NAMES = List.of("", "", "", "a", "b");

    @Property(tries = 3000)
    void theClientSeesAServerThatRefuses(@ForAll long seed) {
        var random = new Random(seed);
        List<String> requests = requests(random);
        Buffer direct = direct(requests);
        Buffer through = new Run(random).through(requests);
        assertThat(described(through)).as(String.join("\n", requests)).isEqualTo(described(direct));
    }

    private static String described(Buffer stream) {
        int end = stream.toString(StandardCharsets.ISO_8859_1).indexOf("ended: ");
        return end < 0 ? WireScript.describeBackend(stream) : WireScript.describeBackend(stream.slice(0, end)) + "\n" + stream.slice(end, stream.length());
    }

    /** Lines of a {@link WireScript} without their side; the last is a Sync. */
    static List<String> requests(Random random) {
        var requests = new ArrayList<String>();
        int count = random.nextInt(1, 14);
        for (int i = 0; i < count; i++) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            String text = TEXTS.get(random.nextInt(TEXTS.size()));
            String single = text.contains(";") || text.isEmpty() ? "select 1" : text;
            switch (random.nextInt(9)) {
                case 0, 1 -> requests.add("Query \"" + text + "\"");
                case 2, 3 -> {
                    requests.add("Parse \"" + name + "\" \"" + single + "\" 0");
                    requests.add("Bind \"\" \"" + name + "\" 0 0 0");
                    requests.add("Execute \"\" 0");
                }
                case 4 -> requests.add("Parse \"" + name + "\" \"" + single + "\" 0");
                case 5 -> requests.add("Bind \"" + name + "\" \"" + NAMES.get(random.nextInt(NAMES.size())) + "\" 0 0 0");
                case 6 -> requests.add("Execute \"" + name + "\" 0");
                case 7 -> requests.add(random.nextBoolean() ? "Flush" : "Close S \"" + name + "\"");
                default -> requests.add("Sync");
            }
        }
        requests.add("Sync");
        return requests;
    }

    /** What the model answers. */
    static Buffer direct(List<String> requests) {
        var server = new ModelServer();
        var reader = new FrontendReader(1 << 20);
        requests.forEach(request -> reader.feed(WireScript.message("F " + request)));
        for (FrontendMessage message = reader.next(); message != null; message = reader.next()) {
            server.receive(message);
        }
        return server.take();
    }

    /** One session between the client and the model, with everything that travels delayed at random. */
    private static final class Run {
        private final Random random;
        private final ModelServer server = new ModelServer();
        private final FrontendReader serversReader = new FrontendReader(1 << 20);
        private final FrontendReader frontendReader = new FrontendReader(1 << 20);
        private final BackendReader backendReader = new BackendReader();
        private final Session session;
        private final ArrayDeque<Buffer> toServer = new ArrayDeque<>();
        private final ArrayDeque<Buffer> fromServer = new ArrayDeque<>();
        private final ArrayDeque<Input> readings = new ArrayDeque<>();
        private final Buffer client = Buffer.buffer();
        private long marked;
        private long acknowledged;
        private long nanos = 10_000_000_000L;

        Run(Random random) {
            this.random = random;
            var principal = new Principal("alice", "https://issuer.test", Principal.Method.OIDC, Set.of(), null);
            session = new Session(
                    new SessionContext("s", principal, null, "shop", "shop", "app", null, "127.0.0.1:1", () -> new WordPolicy(Mode.ENFORCE, "1"), () -> true, new HoldPractice(SessionScript.WAITS, Duration.ofMinutes(2)), true, 1 << 16, new MaskTokens(new byte[MaskTokens.KEY_BYTES]), SessionScript.GATEWAY, Exposures.NONE, null, 1 << 18, null),
                    Map.of("client_encoding", "UTF8", "standard_conforming_strings", "on"),
                    TransactionStatus.IDLE,
                    new Moment(Instant.EPOCH, nanos));
            feed(new Input.Acknowledged(0));
        }

        Buffer through(List<String> requests) {
            var unsent = new ArrayDeque<Buffer>();
            requests.forEach(request -> unsent.add(WireScript.message("F " + request)));
            while (!unsent.isEmpty() || !toServer.isEmpty() || !fromServer.isEmpty() || !readings.isEmpty() || acknowledged < marked) {
                switch (random.nextInt(5)) {
                    case 0 -> {
                        if (!unsent.isEmpty()) {
                            frontendReader.feed(unsent.removeFirst());
                            for (FrontendMessage message = frontendReader.next(); message != null; message = frontendReader.next()) {
                                feed(new Input.FromFrontend(message));
                            }
                        }
                    }
                    case 1 -> serve();
                    case 2 -> {
                        if (!fromServer.isEmpty()) {
                            backendReader.feed(fromServer.removeFirst());
                            for (BackendMessage message = backendReader.next(); message != null; message = backendReader.next()) {
                                feed(new Input.FromBackend(message));
                            }
                        }
                    }
                    case 3 -> {
                        if (!readings.isEmpty()) {
                            feed(readings.removeFirst());
                        }
                    }
                    default -> {
                        nanos += random.nextInt(5) == 0 ? 2_000_000_000L : 1_000;
                        if (acknowledged < marked) {
                            acknowledged += random.nextLong(marked - acknowledged) + 1;
                            feed(new Input.Acknowledged(acknowledged));
                        }
                    }
                }
            }
            return client;
        }

        private void serve() {
            if (toServer.isEmpty()) {
                return;
            }
            serversReader.feed(toServer.removeFirst());
            for (FrontendMessage message = serversReader.next(); message != null; message = serversReader.next()) {
                server.receive(message);
            }
            Buffer answer = server.take();
            if (answer.length() > 0) {
                int cut = random.nextInt(answer.length());
                fromServer.addLast(answer.slice(0, cut));
                fromServer.addLast(answer.slice(cut, answer.length()));
            }
        }

        private void feed(Input input) {
            for (Effect effect : session.on(input, new Moment(Instant.EPOCH, nanos))) {
                switch (effect) {
                    case Effect.ToBackend to -> toServer.addLast(to.bytes());
                    case Effect.ToFrontend to -> client.appendBuffer(to.bytes());
                    case Effect.Read read -> readings.addLast(new Input.HasRead(PlainReader.read(read.sql())));
                    case Effect.Record record -> marked = record.mark();
                    case Effect.RecordResult kept -> throw new IllegalStateException("no answer is kept here");
                    case Effect.OpenHold open -> throw new IllegalStateException("nothing is held here");
                    case Effect.CloseHold close -> throw new IllegalStateException("nothing is held here");
                    case Effect.PresentTicket present -> throw new IllegalStateException("nothing is held here");
                    case Effect.OpenTicket open -> throw new IllegalStateException("nothing is held here");
                    case Effect.AwaitTicket await -> throw new IllegalStateException("nothing is held here");
                    case Effect.LeaveTicket leave -> throw new IllegalStateException("nothing is held here");
                    case Effect.BindMasks bind -> throw new IllegalStateException("nothing is masked here");
                    case Effect.PlanMasks plan -> throw new IllegalStateException("nothing is masked here");
                    case Effect.SearchWritten search -> throw new IllegalStateException("nothing is masked here");
                    case Effect.CatalogChanged changed -> throw new IllegalStateException("no object is changed here");
                    case Effect.Disagreed disagreed -> throw new IllegalStateException("nothing is resolved here");
                    case Effect.RelayCancel cancel -> throw new IllegalStateException("nothing is cancelled here");
                    case Effect.CloseBoth close -> client.appendString("ended: " + close.reason());
                }
            }
        }
    }
}
