// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.verify.EvidenceFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    /** In a process of its own that has no network at all, not even its own address. */
    @Test
    void itNeedsNoNetwork() throws IOException, InterruptedException {
        assumeTrue(exitCode("unshare", "-rn", "true") == 0, "this machine lets nobody take a process off the network");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        assertThat(exitCode("unshare", "-rn", java, "-cp", System.getProperty("java.class.path"), Main.class.getName(), "verify", file(session().records()), "--keys", keys.toString()))
                .isZero();
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
