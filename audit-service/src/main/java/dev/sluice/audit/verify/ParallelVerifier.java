// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import dev.sluice.audit.projection.ReadRecord;
import dev.sluice.audit.projection.RecordReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Verifies a stream of records on all processors: taking records apart, hashing them and verifying signatures needs no order; what
 * their chains say is followed by the caller's thread alone. Memory is bounded by a few thousand records besides what {@link
 * EvidenceVerifier} keeps. For one thread.
 */
public final class ParallelVerifier implements AutoCloseable {
    private static final int BATCH = 512;
    /** Records of kept answers are large. */
    private static final int BATCH_BYTES = 4 * 1024 * 1024;
    private static final int BATCHES_PER_PROCESSOR = 4;

    private final EvidenceVerifier verifier;
    private final SignaturesAhead signatures;
    private final RecordReader reader = new RecordReader();
    private final int processors = Runtime.getRuntime().availableProcessors();
    private final ExecutorService readers =
            Executors.newFixedThreadPool(processors, task -> Thread.ofPlatform().name("sluice-verify").daemon().unstarted(task));
    private final Deque<Future<List<ReadRecord>>> underWay = new ArrayDeque<>();
    private List<byte[]> batch = new ArrayList<>(BATCH);
    private long batchBytes;

    /** {@code demandApproval} makes it a finding when a destructive statement has run and nobody was asked, whatever the policy allowed. */
    public ParallelVerifier(PublicKeys keys, boolean demandApproval) {
        this.signatures = new SignaturesAhead(keys);
        this.verifier = new EvidenceVerifier(keys, null, demandApproval);
    }

    /** Takes the next record, exactly as it was in the log. The array is not copied. */
    public void accept(byte[] value) {
        batch.add(value);
        batchBytes += value.length;
        if (batch.size() == BATCH || batchBytes > BATCH_BYTES) {
            submit();
        }
    }

    /** As {@link EvidenceVerifier#know}. */
    public void know(KnownSession session) {
        verifier.know(session);
    }

    /** What all of it proves. */
    public Report report() {
        submit();
        while (!underWay.isEmpty()) {
            follow();
        }
        return verifier.report();
    }

    private void submit() {
        List<byte[]> values = batch;
        batch = new ArrayList<>(BATCH);
        batchBytes = 0;
        Callable<List<ReadRecord>> reading = () -> {
            List<ReadRecord> read = values.stream().map(value -> EvidenceVerifier.read(reader, value)).toList();
            read.forEach(signatures::verifyAhead);
            return read;
        };
        underWay.add(readers.submit(reading));
        while (underWay.size() > processors * BATCHES_PER_PROCESSOR) {
            follow();
        }
    }

    private void follow() {
        try {
            underWay.remove().get().forEach(verifier::accept);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while verifying", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a record could not be taken apart", e);
        }
    }

    @Override
    public void close() {
        readers.shutdownNow();
    }
}
