// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.testing.Tampering;
import dev.sluice.audit.verify.Finding.Kind;
import dev.sluice.schemas.event.EventTypes;
import dev.sluice.schemas.signature.SigningKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What somebody could do to a bundle, and how each of it is found. */
final class BundleTest {
    private static final SigningKey AUDIT = SigningKey.generate();
    private static final SigningKey FORGER = SigningKey.generate();

    private static final Chain SESSION =
            new Chain("s1").opened().allowed("select 1").released("delete from orders", "ann").denied("drop table orders").checkpoint().closed();

    private static byte[] bundle(List<byte[]> records, long lastSequence, SigningKey key) throws IOException {
        var out = new ByteArrayOutputStream();
        var bundle = new BundleWriter(out);
        bundle.head(Chain.GATEWAY.publicKeys(), Chain.APPROVAL.publicKeys(), key);
        String lastDigest = records.isEmpty() ? SESSION.lastDigest() : Chain.sha256(records.get((int) lastSequence));
        bundle.sessions(lines -> lines.write(BundleWriter.session("s1", lastSequence, lastDigest)));
        bundle.records(lines -> {
            for (byte[] record : records) {
                lines.write(EvidenceFile.line(record));
                lines.write('\n');
            }
        });
        bundle.finish(key, Chain.START, "olga", JsonNodeFactory.instance.objectNode());
        return out.toByteArray();
    }

    private static byte[] genuine() throws IOException {
        return bundle(SESSION.records(), SESSION.records().size() - 1L, AUDIT);
    }

    private static List<Kind> verify(byte[] bundle) throws IOException {
        try (var verifier = new ParallelVerifier(PublicKeys.of(Chain.GATEWAY.publicKeys(), Chain.APPROVAL.publicKeys()), false)) {
            var reader = new BundleReader(AUDIT.publicKeys(), verifier::know);
            reader.read(new ByteArrayInputStream(bundle), verifier::accept);
            return verifier.report().with(reader.findings()).allFindings().stream().map(Finding::kind).toList();
        }
    }

    /** The bundle's files, changed, in an archive of their own: what somebody without any key can do. */
    private static byte[] repacked(byte[] bundle, UnaryOperator<Map<String, byte[]>> change) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(bundle))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> file : change.apply(files).entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        }
        return out.toByteArray();
    }

    private static byte[] withRecords(UnaryOperator<List<String>> change) throws IOException {
        return repacked(genuine(), files -> {
            List<String> lines = change.apply(new ArrayList<>(new String(files.get("records.ndjson"), StandardCharsets.UTF_8).lines().toList()));
            files.put("records.ndjson", (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
            return files;
        });
    }

    @Test
    void aGenuineBundleHasNothingAmiss() throws IOException {
        assertThat(verify(genuine())).isEmpty();
        assertThat(verify(repacked(genuine(), files -> files))).isEmpty();
    }

    @Test
    void itHoldsWhatItTakesToVerifyIt() throws IOException {
        repacked(genuine(), files -> {
            assertThat(files.keySet())
                    .contains("README.txt", "keys/gateway.jwks", "keys/approval.jwks", "keys/audit.jwks", "schemas/events/dev.sluice.statement.decided.v1.schema.json")
                    .endsWith("sessions.ndjson", "records.ndjson", "manifest.json", "manifest.jws");
            assertThat(files.keySet()).filteredOn(name -> name.startsWith("schemas/events/")).hasSize(EventTypes.all().size());
            return files;
        });
    }

    @Test
    void editIsFound() throws IOException {
        assertThat(verify(withRecords(lines -> lines.stream().map(line -> line.replace("select 1", "select 2")).toList())))
                .containsExactlyInAnyOrder(Kind.BROKEN_LINK, Kind.BUNDLE_CHANGED);
    }

    @Test
    void deletionIsFound() throws IOException {
        assertThat(verify(withRecords(lines -> {
                    lines.remove(3);
                    return lines;
                })))
                .contains(Kind.GAP, Kind.BUNDLE_CHANGED);
    }

    @Test
    void reorderingIsFound() throws IOException {
        assertThat(verify(withRecords(lines -> {
                    Collections.swap(lines, 1, 2);
                    return lines;
                })))
                .contains(Kind.REORDERED, Kind.BUNDLE_CHANGED);
    }

    @Test
    void truncationIsFound() throws IOException {
        assertThat(verify(withRecords(lines -> lines.subList(0, lines.size() - 1)))).containsExactlyInAnyOrder(Kind.TRUNCATED, Kind.BUNDLE_CHANGED);
    }

    @Test
    void insertionIsFound() throws IOException {
        assertThat(verify(withRecords(lines -> {
                    lines.add(2, lines.get(1).replace("select 1", "select 2"));
                    return lines;
                })))
                .contains(Kind.DUPLICATE, Kind.BUNDLE_CHANGED);
    }

    @Test
    void signingAnewWithAnotherKeyIsFound() throws IOException {
        List<byte[]> shorter = SESSION.records().subList(0, 3);
        assertThat(verify(bundle(shorter, 2, FORGER))).containsExactly(Kind.BAD_SIGNATURE);
        assertThat(verify(bundle(new Chain("s1").opened().allowed("select 2").closed(FORGER).records(), 3, FORGER)))
                .containsExactlyInAnyOrder(Kind.BAD_SIGNATURE, Kind.BAD_SIGNATURE);
    }

    @Test
    void whatIsMissingOrAddedIsFound() throws IOException {
        for (String name : List.of("sessions.ndjson", "keys/gateway.jwks", "manifest.json")) {
            assertThat(verify(repacked(genuine(), files -> {
                        files.remove(name);
                        return files;
                    })))
                    .as(name)
                    .contains(Kind.BUNDLE_CHANGED);
        }
        assertThat(verify(repacked(genuine(), files -> {
                    files.remove("manifest.jws");
                    return files;
                })))
                .containsExactly(Kind.BAD_SIGNATURE);
        assertThat(verify(repacked(genuine(), files -> {
                    files.put("note.txt", new byte[] {1});
                    return files;
                })))
                .containsExactly(Kind.BUNDLE_CHANGED);
    }

    @Test
    void aBundleThatWasCutOffIsFound() throws IOException {
        byte[] whole = genuine();
        for (int length : new int[] {whole.length / 3, whole.length / 2, whole.length - 5_000}) {
            assertThat(verify(Arrays.copyOf(whole, length))).as("%d of %d bytes", length, whole.length).contains(Kind.BUNDLE_CHANGED);
        }
    }

    @Test
    void withoutTheAuditServicesKeyTheManifestProvesNothing() throws IOException {
        var reader = new BundleReader(null, _ -> {});
        reader.read(new ByteArrayInputStream(genuine()), _ -> {});
        assertThat(reader.findings()).extracting(Finding::kind).containsExactly(Kind.UNCHECKED_SIGNATURE);
    }

    /** Even by whoever has the key of the manifests. */
    @Test
    void aSessionThatTheListNamesAndTheRecordsLackIsFound() throws IOException {
        assertThat(verify(bundle(List.of(), SESSION.records().size() - 1L, AUDIT))).containsExactly(Kind.MISSING);
    }

    /** Somebody without any key changes the records and packs them again. */
    @ParameterizedTest
    @EnumSource
    void whateverIsDoneToItsRecordsIsFoundAndNamed(Tampering tampering) throws IOException {
        Chain whole = Tampering.genuine("s1");
        List<byte[]> records = whole.records();
        records.addAll(whole.results());
        byte[] bundle = bundle(records, whole.records().size() - 1L, AUDIT);
        assertThat(verify(bundle)).isEmpty();
        byte[] changed = repacked(bundle, files -> {
            files.put("records.ndjson", tampering.of("s1").all().stream()
                    .map(record -> new String(record, StandardCharsets.UTF_8) + "\n")
                    .collect(Collectors.joining())
                    .getBytes(StandardCharsets.UTF_8));
            return files;
        });
        assertThat(verify(changed)).extracting(Kind::word).contains(tampering.finding(), "bundle-changed");
    }
}
