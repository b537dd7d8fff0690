// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import dev.sluice.audit.kafka.TopicRecords;
import dev.sluice.audit.verify.BundleReader;
import dev.sluice.audit.verify.Finding;
import dev.sluice.audit.verify.KeySource;
import dev.sluice.audit.verify.KnownSessions;
import dev.sluice.audit.verify.ParallelVerifier;
import dev.sluice.audit.verify.PublicKeys;
import dev.sluice.audit.verify.RecordLines;
import dev.sluice.audit.verify.Report;
import dev.sluice.audit.verify.ReportJson;
import dev.sluice.audit.verify.SessionReport;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.TrustedKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Proves records offline: from a bundle, a file, or the live topics. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Proves records with nothing but public keys: chains, sequences, signatures, votes, and a genuine grant for every released statement.",
            "The file is an evidence bundle, or holds one record per line, byte for byte as on Kafka, gzipped or not."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing is amiss", "1:there are findings", "2:wrong use: an option, a file or a key cannot be read"})
public final class VerifyCommand implements Callable<Integer> {
    private static final int FINDINGS = 1;
    private static final int SHOWN = 1_000;
    private static final int PEEK = 4;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "An evidence bundle or raw records; - for standard input.")
    private @Nullable String file;

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "Read the topics of the sessions and of the approvals from this broker instead, from their beginning to their end.")
    private @Nullable String kafka;

    @Option(names = "--kafka-property", paramLabel = "NAME=VALUE", description = "A further setting of Kafka's consumer. May be given more than once.")
    private Map<String, String> kafkaProperties = Map.of();

    @Option(names = "--keys", paramLabel = "JWKS", description = "Public keys that count for every purpose: a file or URL. May be given more than once.")
    private List<String> keys = List.of();

    @Option(names = "--gateway-keys", paramLabel = "JWKS", description = "Keys that count for checkpoints and ends of sessions only.")
    private List<String> gatewayKeys = List.of();

    @Option(names = "--approval-keys", paramLabel = "JWKS", description = "Keys that count for grants and the records of approvals only.")
    private List<String> approvalKeys = List.of();

    @Option(names = "--audit-keys", paramLabel = "JWKS", description = "Keys that count for the manifests of bundles and the journal of accesses only.")
    private List<String> auditKeys = List.of();

    @Option(
            names = "--known",
            paramLabel = "FILE",
            description = {
                "Sessions as they were at an earlier look: an evidence bundle or its sessions.ndjson, pages of GET /v1/sessions, or what --json printed then.",
                "What is missing, shorter or another one by now is a finding. May be given more than once."
            })
    private List<Path> known = List.of();

    @Option(names = "--allow-open", description = "A session without an end is no finding: it may still run.")
    private boolean allowOpen;

    @Option(names = "--require-approval", description = "It is a finding when a destructive statement has run and nobody was asked, even if the policy allowed it.")
    private boolean requireApproval;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    VerifyCommand() {
        this.spec = CommandSpec.create();
    }

    @Override
    public Integer call() {
        if ((file == null) == (kafka == null)) {
            throw new CommandLine.ParameterException(spec.commandLine(), "name either a FILE or --kafka");
        }
        long start = System.nanoTime();
        Report report;
        try (var verifier = new ParallelVerifier(PublicKeys.of(read(keys, gatewayKeys), read(keys, approvalKeys)).with(read(keys, auditKeys)), requireApproval)) {
            List<Finding> lists = know(verifier);
            report = (kafka == null ? fromFile(file == null ? "-" : file, verifier) : fromKafka(kafka, verifier)).with(lists);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(ReportJson.of(report).toPrettyString());
        } else {
            print(out, report, (System.nanoTime() - start) / 1e9);
        }
        out.flush();
        return report.ok() && report.records() > 0 && (allowOpen || report.openSessions() == 0) ? 0 : FINDINGS;
    }

    private List<Finding> know(ParallelVerifier verifier) {
        List<Finding> findings = new ArrayList<>();
        for (Path list : known) {
            try {
                findings.addAll(KnownSessions.read(list, read(keys, auditKeys), verifier::know));
            } catch (IOException e) {
                throw new CommandLine.ParameterException(spec.commandLine(), list + ": the known sessions cannot be read: " + e.getMessage());
            }
        }
        return findings;
    }

    private Report fromKafka(String broker, ParallelVerifier verifier) {
        try {
            TopicRecords.read(broker, kafkaProperties, Topics.SESSIONS.name(), verifier::accept);
            TopicRecords.read(broker, kafkaProperties, Topics.APPROVALS.name(), verifier::accept);
            TopicRecords.read(broker, kafkaProperties, Topics.RESULTS.name(), verifier::accept);
            if (!keys.isEmpty() || !auditKeys.isEmpty()) {
                TopicRecords.read(broker, kafkaProperties, Topics.AUDIT.name(), verifier::accept);
            }
        } catch (RuntimeException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), broker + ": cannot be read: " + e.getMessage());
        }
        return verifier.report();
    }

    private Report fromFile(String name, ParallelVerifier verifier) {
        try (var input = new PushbackInputStream(name.equals("-") ? System.in : Files.newInputStream(Path.of(name)), PEEK)) {
            byte[] start = input.readNBytes(PEEK);
            input.unread(start);
            if (startsWith(start, 'P', 'K')) {
                var bundle = new BundleReader(read(keys, auditKeys), verifier::know);
                bundle.read(input, verifier::accept);
                return verifier.report().with(bundle.findings());
            }
            RecordLines.read(startsWith(start, 0x1f, 0x8b) ? new GZIPInputStream(input, 1 << 16) : input, verifier::accept);
            return verifier.report();
        } catch (IOException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), name + ": cannot be read: " + e.getMessage());
        }
    }

    private static boolean startsWith(byte[] bytes, int first, int second) {
        return bytes.length >= 2 && (bytes[0] & 0xff) == first && (bytes[1] & 0xff) == second;
    }

    private @Nullable TrustedKeys read(List<String> all, List<String> own) {
        TrustedKeys together = null;
        for (List<String> locations : List.of(all, own)) {
            for (String location : locations) {
                try {
                    TrustedKeys more = KeySource.read(location);
                    together = together == null || more == null ? more : together.and(more);
                } catch (IOException e) {
                    throw new CommandLine.ParameterException(spec.commandLine(), location + ": the keys cannot be read: " + e.getMessage());
                }
            }
        }
        return together;
    }

    private static void print(PrintWriter out, Report report, double seconds) {
        for (SessionReport session : report.sessions()) {
            boolean open = !session.closed();
            out.printf(
                    "%-8s session %s: %d records, %d statements, %d held (%d released, %d refused, %d withdrawn), %d destructive (%d without approval), %s%n",
                    session.findings().isEmpty() ? (open ? "OPEN" : "OK") : "FINDINGS",
                    session.sessionId(),
                    session.records(),
                    session.statements(),
                    session.held(),
                    session.released(),
                    session.refused(),
                    session.withdrawn(),
                    session.destructive(),
                    session.unapproved(),
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
                "%d records, %d sessions (%d open), %d findings, in %.1f s%s%n",
                report.records(),
                report.sessions().size(),
                report.openSessions(),
                findings.size(),
                seconds,
                report.records() == 0 ? ": an empty file proves nothing" : "");
    }
}
