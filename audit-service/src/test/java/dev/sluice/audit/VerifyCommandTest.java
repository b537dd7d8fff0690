// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.testing.NoSockets;
import dev.sluice.audit.verify.BundleWriter;
import dev.sluice.audit.verify.EvidenceFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

final class VerifyCommandTest {
    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path keys = folder;

    @BeforeEach
    void writeKeys() throws IOException {
        keys = folder.resolve("keys.jwks");
        Files.writeString(keys, Chain.GATEWAY.publicKeys().and(Chain.APPROVAL.publicKeys()).toJson());
    }

    private int run(String... arguments) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(arguments);
    }

    private String file(List<byte[]> records) throws IOException {
        var lines = new ByteArrayOutputStream();
        for (byte[] record : records) {
            lines.write(EvidenceFile.line(record));
            lines.write('\n');
        }
        return Files.write(folder.resolve("evidence.ndjson"), lines.toByteArray()).toString();
    }

    private static Chain session() {
        return new Chain("s1").opened().allowed("select 1").released("delete from t", "ann").closed();
    }

    @Test
    void genuineEvidencePasses() throws IOException {
        assertThat(run("verify", file(session().records()), "--keys", keys.toString())).isZero();
        assertThat(out.toString()).contains("OK").contains("session s1: 8 records").contains("0 findings");
    }

    @Test
    void aFindingIsNamedWithItsPlace() throws IOException {
        List<byte[]> records = session().records();
        records.remove(3);

        assertThat(run("verify", file(records), "--keys", keys.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("gap").contains("sequence 4").contains("record 4");
    }

    @Test
    void programsGetJson() throws IOException {
        assertThat(run("verify", file(session().records()), "--keys", keys.toString(), "--json")).isZero();
        JsonNode report = new ObjectMapper().readTree(out.toString());
        assertThat(report.get("ok").booleanValue()).isTrue();
        assertThat(report.get("sessions").get(0).get("released").intValue()).isEqualTo(1);
    }

    @Test
    void anOpenSessionPassesOnlyWhenAskedTo() throws IOException {
        String file = file(new Chain("s1").opened().allowed("select 1").records());

        assertThat(run("verify", file, "--keys", keys.toString())).isEqualTo(1);
        assertThat(run("verify", file, "--keys", keys.toString(), "--allow-open")).isZero();
    }

    @Test
    void keysForOnePurposeDoNotServeTheOther() throws IOException {
        String file = file(session().records());
        String gateway = Files.writeString(folder.resolve("gateway.jwks"), Chain.GATEWAY.publicKeys().toJson()).toString();
        String approval = Files.writeString(folder.resolve("approval.jwks"), Chain.APPROVAL.publicKeys().toJson()).toString();

        assertThat(run("verify", file, "--gateway-keys", gateway, "--approval-keys", approval)).isZero();
        assertThat(run("verify", file, "--gateway-keys", approval, "--approval-keys", gateway)).isEqualTo(1);
        assertThat(out.toString()).contains("bad-signature").contains("bad-grant");
    }

    @Test
    void withoutKeysNothingPasses() throws IOException {
        assertThat(run("verify", file(session().records()))).isEqualTo(1);
        assertThat(out.toString()).contains("unchecked-signature");
    }

    @Test
    void whatAnEarlierLookKnewMustStillBeThere() throws IOException {
        List<byte[]> records = session().records();
        String whole = file(records);
        assertThat(run("verify", whole, "--keys", keys.toString(), "--json")).isZero();
        Path earlier = Files.writeString(folder.resolve("earlier.json"), out.toString());
        Path page = Files.writeString(folder.resolve("page.json"), "{\"sessions\":[{\"sessionId\":\"gone\",\"lastSequence\":4,\"principal\":\"kim\"}],\"next\":\"x\"}\n{\"sessions\":[]}");
        assertThat(run("verify", whole, "--keys", keys.toString(), "--known", earlier.toString())).isZero();

        records.removeLast();
        assertThat(run("verify", file(records), "--keys", keys.toString(), "--allow-open", "--known", earlier.toString(), "--known", page.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("truncated            session s1, sequence 6, record at the end").contains("missing              session gone");
    }

    @Test
    void aListOfKnownSessionsThatNamesNoneIsWrongUse() throws IOException {
        for (String list : List.of("", "{\"sessions\":[]}", "{\"a\":1}", "no json")) {
            Path known = Files.writeString(folder.resolve("known.json"), list);
            assertThat(run("verify", file(session().records()), "--keys", keys.toString(), "--known", known.toString())).as(list).isEqualTo(2);
        }
        assertThat(err.toString()).contains("known.json: the known sessions cannot be read");
    }

    @Test
    void anEmptyFileProvesNothing() throws IOException {
        assertThat(run("verify", file(List.of()), "--keys", keys.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("an empty file proves nothing");
    }

    @Test
    void wrongUseIsTwo() throws IOException {
        assertThat(run("verify", folder.resolve("missing").toString())).isEqualTo(2);
        assertThat(run("verify", file(session().records()), "--keys", folder.resolve("missing").toString())).isEqualTo(2);
        assertThat(run("verify")).isEqualTo(2);
        assertThat(run("serve")).isEqualTo(2);
        assertThat(run()).isEqualTo(2);
        assertThat(run("--config", folder.resolve("missing.yaml").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("missing");
    }

    /**
     * A bundle, in a process of its own that opens no socket; where the machine lets a test take a process off the network, one that has none at all, not even its own
     * address.
     */
    @Test
    void itNeedsNoNetwork() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (exitCode("unshare", "-rn", "true") == 0) {
            command.addAll(List.of("unshare", "-rn"));
        } else {
            LoggerFactory.getLogger(VerifyCommandTest.class).warn("this machine lets nobody take a process off the network: verify only runs with every socket refused");
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                "-Djava.nio.channels.spi.SelectorProvider=" + NoSockets.class.getName(), "-DsocksProxyHost=127.0.0.1", "-DsocksProxyPort=1", "-DsocksNonProxyHosts="));
        String audit = Files.writeString(folder.resolve("audit.jwks"), Chain.AUDIT.publicKeys().toJson()).toString();
        List<String> verify = List.of(Main.class.getName(), "verify", bundle(), "--keys", keys.toString(), "--audit-keys", audit);

        assertThat(exitCode(with(command, verify))).as(() -> said()).isZero();
        // What would ask another machine is refused, so the process is off the network indeed.
        List<String> asking = List.of(with(verify.subList(0, 5), List.of("--audit-keys", "http://127.0.0.1:9/jwks")));
        assertThat(exitCode(with(command, asking))).isNotZero();
        assertThat(said()).contains("there is no network here");
    }

    private String bundle() throws IOException {
        Chain session = session();
        try (OutputStream out = Files.newOutputStream(folder.resolve("evidence.zip"))) {
            var bundle = new BundleWriter(out);
            bundle.head(Chain.GATEWAY.publicKeys(), Chain.APPROVAL.publicKeys(), Chain.AUDIT);
            bundle.sessions(lines -> lines.write(BundleWriter.session(session.sessionId(), session.records().size() - 1L, session.lastDigest())));
            bundle.records(lines -> {
                for (byte[] record : session.records()) {
                    lines.write(EvidenceFile.line(record));
                    lines.write('\n');
                }
            });
            bundle.finish(Chain.AUDIT, Chain.START, "olga", JsonNodeFactory.instance.objectNode());
        }
        return folder.resolve("evidence.zip").toString();
    }

    private static String[] with(List<String> command, List<String> more) {
        return Stream.concat(command.stream(), more.stream()).toArray(String[]::new);
    }

    private String said() {
        try {
            return Files.readString(folder.resolve("said"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int exitCode(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(folder.resolve("said").toFile()).start().waitFor();
        } catch (IOException _) {
            // The command is not there.
            return -1;
        }
    }

    @Test
    void helpIsThere() {
        assertThat(run("--help")).isZero();
        assertThat(run("verify", "--help")).isZero();
        assertThat(out.toString()).contains("Exit codes");
    }
}
