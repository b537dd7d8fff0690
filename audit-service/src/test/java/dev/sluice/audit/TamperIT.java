// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.testing.Servers;
import dev.sluice.audit.testing.Tampering;
import dev.sluice.schemas.event.AuditEvent.LegalholdLifted;
import dev.sluice.schemas.event.Decoded;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.TrustedKeys;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Everything that can be done to a session where it lies on the broker or in the database, without the gateway's key, is found and named. */
final class TamperIT extends ServiceCase {
    /** What the service notices while reading; the others are for verifying. */
    private static final Map<Tampering, String> NOTICED =
            Map.of(Tampering.EDIT, "broken-link", Tampering.DELETE, "gap", Tampering.REORDER, "out-of-order", Tampering.INSERT, "out-of-order");

    @Test
    void onTheTopics() throws Exception {
        Chain genuine = Tampering.genuine("untouched");
        servers.send(genuine);
        long kept = 0;
        for (Tampering tampering : Tampering.values()) {
            Tampering.Kept there = tampering.of(tampering.sessionId());
            there.results().forEach(result -> servers.send(Topics.RESULTS.name(), tampering.sessionId(), result));
            there.records().forEach(record -> servers.send(Topics.SESSIONS.name(), tampering.sessionId(), record));
            kept += there.records().size();
        }
        servers.send(Topics.AUDIT.name(), "h1", genuine.beside(new LegalholdLifted("h1", "over", Chain.AGENT), "h1", Chain.START));
        servers.flush();
        long expected = kept;
        String sessions = "('" + String.join("', '", List.of(Tampering.values()).stream().map(Tampering::sessionId).toList()) + "')";
        Servers.await("all of it", LONG, () -> servers.count("SELECT count(*) FROM rest.events WHERE session_id IN " + sessions) == expected);

        json("/v1/sessions");
        String keys = folder.resolve("all.jwks").toString();
        Files.writeString(folder.resolve("all.jwks"), Chain.GATEWAY.publicKeys()
                .and(Chain.APPROVAL.publicKeys())
                .and(TrustedKeys.parse(get("/.well-known/jwks.json", "").body()))
                .toJson());
        // An auditor kept a list from before; of one of its sessions nothing is left.
        String known = Files.writeString(folder.resolve("known.ndjson"), Stream.concat(Stream.of(Tampering.values()).map(Tampering::sessionId), Stream.of("untouched", "gone"))
                        .map(id -> new JsonObject().put("sessionId", id).put("lastSequence", Tampering.genuine(id).records().size() - 1).put("lastDigest", Tampering.genuine(id).lastDigest()))
                        .map(line -> line.encode() + "\n")
                        .collect(Collectors.joining()))
                .toString();
        var report = new JsonObject(command("verify", "--kafka", servers.kafka().bootstrapServers(), "--keys", keys, "--known", known, "--json"));
        Map<String, Set<String>> found = findings(report);
        for (Tampering tampering : Tampering.values()) {
            assertThat(found.get(tampering.sessionId())).as(tampering.name()).contains(tampering.finding());
            String noticed = NOTICED.get(tampering);
            assertThat(strings(json("/v1/findings?sessionId=" + tampering.sessionId()).getJsonArray("findings"), "kind"))
                    .as(tampering.name())
                    .containsAll(noticed == null ? List.of() : List.of(noticed));
        }
        assertThat(found.get("gone")).containsExactly("missing");
        assertThat(found.get(Tampering.RESIGN.sessionId())).contains("rewritten");
        assertThat(found).doesNotContainKeys("untouched", "story");
        assertThat(report.getJsonArray("findings").stream().map(JsonObject.class::cast).filter(finding -> finding.getString("kind").equals("journal-changed")))
                .as("of all accesses only the forged one is amiss")
                .singleElement()
                .satisfies(finding -> assertThat(finding.getString("message")).startsWith("journal h1: "));
    }

    @Test
    void inTheStore() {
        Chain genuine = Tampering.genuine("stored-whole");
        servers.send(genuine);
        servers.flush();
        Servers.await("the session", LONG, () -> servers.count("SELECT count(*) FROM rest.events WHERE session_id = 'stored-whole'") == genuine.records().size()
                && servers.count("SELECT count(*) FROM rest.results WHERE session_id = 'stored-whole'") == genuine.results().size());
        servers.execute("CREATE TABLE rest.kept_events AS SELECT * FROM rest.events WHERE session_id = 'stored-whole'");
        servers.execute("CREATE TABLE rest.kept_results AS SELECT * FROM rest.results WHERE session_id = 'stored-whole'");
        for (Tampering tampering : Tampering.values()) {
            JsonObject before = json("/v1/sessions/stored-whole/verify");
            assertThat(before.getBoolean("ok")).as(before.encodePrettily()).isTrue();
            replace(tampering.of("stored-whole"));
            assertThat(findings(json("/v1/sessions/stored-whole/verify")).get("stored-whole")).as(tampering.name()).contains(tampering.finding());
            restore();
        }
        servers.execute("UPDATE rest.results r SET record = k.record FROM rest.kept_results k WHERE r.session_id = 'stored-whole' AND k.chunk = r.chunk"
                + " AND k.statement_id <> r.statement_id");
        assertThat(findings(json("/v1/sessions/stored-whole/verify")).get("stored-whole")).containsExactly("result-changed");
        assertThat(get("/v1/sessions/stored-whole/statements/stored-whole-s2/results", auditor).statusCode()).isEqualTo(404);
        restore();
    }

    @Test
    void aSessionThatWasCutInTheStoreTogetherWithItsRow() throws Exception {
        Chain genuine = new Chain("cut").opened().allowed("select 1").allowed("select 2").closed();
        servers.send(genuine);
        servers.flush();
        Servers.await("the session", LONG, () -> servers.count("SELECT count(*) FROM rest.events WHERE session_id = 'cut'") == genuine.records().size());
        String keys = Files.writeString(folder.resolve("cut.jwks"), Chain.GATEWAY.publicKeys().and(TrustedKeys.parse(get("/.well-known/jwks.json", "").body())).toJson()).toString();
        String earlier = Files.writeString(folder.resolve("earlier.json"), get("/v1/sessions?principal=agent-7", auditor).body()).toString();

        servers.execute("DELETE FROM rest.events WHERE session_id = 'cut' AND sequence >= 4; UPDATE rest.sessions SET last_sequence = 3 WHERE session_id = 'cut'");
        assertThat(findings(json("/v1/sessions/cut/verify")).get("cut")).as("the row still tells of the end").containsExactly("truncated");

        servers.execute("UPDATE rest.sessions SET closed_at = NULL, sealed_sequence = NULL, last_digest = (SELECT encode(sha256(record), 'hex') FROM rest.events"
                + " WHERE session_id = 'cut' AND sequence = 3) WHERE session_id = 'cut'");
        assertThat(json("/v1/sessions/cut/verify").getJsonArray("sessions").getJsonObject(0).getBoolean("closed")).as("nothing in the store tells").isFalse();
        String now = Files.writeString(folder.resolve("cut.ndjson"), get("/v1/export/sessions?principal=agent-7&format=ndjson", auditor).body()).toString();
        var report = new JsonObject(command("verify", now, "--keys", keys, "--known", earlier, "--json"));
        assertThat(findings(report).get("cut")).containsExactly("truncated");
    }

    private static void restore() {
        servers.execute("DELETE FROM rest.events WHERE session_id = 'stored-whole'; INSERT INTO rest.events SELECT * FROM rest.kept_events");
        servers.execute("DELETE FROM rest.results WHERE session_id = 'stored-whole'; INSERT INTO rest.results SELECT * FROM rest.kept_results");
    }

    /** As somebody would who knows the tables. */
    private static void replace(Tampering.Kept kept) {
        var codec = new EventCodec();
        servers.execute("DELETE FROM rest.events WHERE session_id = 'stored-whole'");
        servers.execute("DELETE FROM rest.results WHERE session_id = 'stored-whole'");
        int offset = 0;
        for (byte[] record : kept.records()) {
            servers.execute("INSERT INTO rest.events (day, session_id, topic, partition, record_offset, recorded_at, record)"
                    + " SELECT DISTINCT day, session_id, topic, partition, " + 1_000_000 + " + " + offset++ + ", now(), decode('" + HexFormat.of().formatHex(record)
                    + "', 'hex') FROM rest.kept_events");
        }
        for (byte[] record : kept.results()) {
            if (codec.decode(record) instanceof Decoded.Known(var envelope) && envelope.data() instanceof ResultRecorded chunk) {
                servers.execute("INSERT INTO rest.results (day, session_id, statement_id, chunk, topic, partition, record_offset, recorded_at, record)"
                        + " SELECT DISTINCT day, session_id, '" + chunk.statementId() + "', " + chunk.chunk() + ", topic, partition, " + 1_000_000 + " + " + offset++
                        + ", now(), decode('" + HexFormat.of().formatHex(record) + "', 'hex') FROM rest.kept_results");
            }
        }
    }

    /** The kinds that were found, by session. */
    private static Map<String, Set<String>> findings(JsonObject report) {
        Map<String, Set<String>> found = new TreeMap<>();
        report.getJsonArray("sessions").forEach(session -> ((JsonObject) session).getJsonArray("findings").forEach(finding -> add(found, (JsonObject) finding)));
        report.getJsonArray("findings").forEach(finding -> add(found, (JsonObject) finding));
        return found;
    }

    private static void add(Map<String, Set<String>> found, JsonObject finding) {
        found.computeIfAbsent(finding.getString("sessionId", ""), _ -> new TreeSet<>()).add(finding.getString("kind"));
    }
}
