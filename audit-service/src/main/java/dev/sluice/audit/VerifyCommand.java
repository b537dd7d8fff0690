// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import dev.sluice.audit.verify.EvidenceFile;
import dev.sluice.audit.verify.EvidenceVerifier;
import dev.sluice.audit.verify.Finding;
import dev.sluice.audit.verify.KeySource;
import dev.sluice.audit.verify.PublicKeys;
import dev.sluice.audit.verify.Report;
import dev.sluice.audit.verify.ReportJson;
import dev.sluice.audit.verify.SessionReport;
import dev.sluice.schemas.signature.TrustedKeys;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Proves a file of raw records offline. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Proves a file of raw records with nothing but public keys: chains, sequences, signatures, and a genuine grant for every released statement.",
            "The file holds one record per line, byte for byte as on Kafka: what GET /v1/sessions/{id}/events exports."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing is amiss", "1:there are findings", "2:wrong use: an option, a file or a key cannot be read"})
final class VerifyCommand implements Callable<Integer> {
    private static final int FINDINGS = 1;
    private static final int MAX_RECORD_BYTES = 64 * 1024 * 1024;
    private static final int SHOWN = 1_000;

    @Parameters(paramLabel = "FILE", description = "Raw records, one per line; - for standard input.")
    private String file = "";

    @Option(names = "--keys", paramLabel = "JWKS", description = "Public keys of the gateway and the approval-service: a file or URL. May be given more than once.")
    private List<String> keys = List.of();

    @Option(names = "--gateway-keys", paramLabel = "JWKS", description = "Keys that count for checkpoints and ends of sessions only.")
    private List<String> gatewayKeys = List.of();

    @Option(names = "--approval-keys", paramLabel = "JWKS", description = "Keys that count for grants only.")
    private List<String> approvalKeys = List.of();

    @Option(names = "--allow-open", description = "A session without an end is no finding: it may still run.")
    private boolean allowOpen;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    VerifyCommand() {
        this.spec = CommandSpec.create();
    }

    @Override
    public Integer call() {
        var verifier = new EvidenceVerifier(PublicKeys.of(read(keys, gatewayKeys), read(keys, approvalKeys)));
        try (InputStream input = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            lines(new BufferedInputStream(input, 1 << 16), verifier);
        } catch (IOException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), file + ": cannot be read: " + e.getMessage());
        }
        Report report = verifier.report();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(ReportJson.of(report).toPrettyString());
        } else {
            print(out, report);
        }
        out.flush();
        return report.ok() && report.records() > 0 && (allowOpen || report.openSessions() == 0) ? 0 : FINDINGS;
    }

    private @Nullable TrustedKeys read(List<String> both, List<String> own) {
        TrustedKeys all = null;
        for (List<String> locations : List.of(both, own)) {
            for (String location : locations) {
                try {
                    TrustedKeys more = KeySource.read(location);
                    all = all == null || more == null ? more : all.and(more);
                } catch (IOException e) {
                    throw new CommandLine.ParameterException(spec.commandLine(), location + ": the keys cannot be read: " + e.getMessage());
                }
            }
        }
        return all;
    }

    private static void lines(InputStream input, EvidenceVerifier verifier) throws IOException {
        byte[] line = new byte[1 << 16];
        int length = 0;
        for (int next = input.read(); next >= 0; next = input.read()) {
            if (next == '\n') {
                record(line, length, verifier);
                length = 0;
                continue;
            }
            if (length == line.length) {
                if (length >= MAX_RECORD_BYTES) {
                    throw new IOException("a line is longer than " + MAX_RECORD_BYTES + " bytes");
                }
                line = java.util.Arrays.copyOf(line, length * 2);
            }
            line[length++] = (byte) next;
        }
        record(line, length, verifier);
    }

    private static void record(byte[] line, int length, EvidenceVerifier verifier) {
        if (length > 0) {
            verifier.accept(EvidenceFile.record(java.util.Arrays.copyOf(line, length)));
        }
    }

    private void print(PrintWriter out, Report report) {
        for (SessionReport session : report.sessions()) {
            boolean open = !session.closed();
            out.printf(
                    "%-8s session %s: %d records, %d statements, %d held (%d released, %d refused, %d withdrawn), %s%n",
                    session.findings().isEmpty() ? (open ? "OPEN" : "OK") : "FINDINGS",
                    session.sessionId(),
                    session.records(),
                    session.statements(),
                    session.held(),
                    session.released(),
                    session.refused(),
                    session.withdrawn(),
                    open
                            ? "no end: it still runs, its gateway died, or the end was cut off; signed through sequence " + session.sealed()
                            : "closed and signed through sequence " + session.sealed());
        }
        List<Finding> findings = report.allFindings();
        findings.stream().limit(SHOWN).forEach(finding -> out.printf(
                "  %-20s %s, sequence %s, record %s: %s%n",
                finding.kind().word(),
                finding.sessionId() == null ? "no session" : "session " + finding.sessionId(),
                finding.sequence() < 0 ? "unknown" : finding.sequence(),
                finding.line() == 0 ? "at the end" : finding.line(),
                finding.message()));
        if (findings.size() > SHOWN) {
            out.printf("  … and %d more; --json lists all%n", findings.size() - SHOWN);
        }
        out.printf(
                "%d records, %d sessions (%d open), %d findings%s%n",
                report.records(),
                report.sessions().size(),
                report.openSessions(),
                findings.size(),
                report.records() == 0 ? ": an empty file proves nothing" : "");
    }
}
