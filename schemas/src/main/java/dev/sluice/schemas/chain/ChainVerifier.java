// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.chain;

import dev.sluice.schemas.event.Decoded;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.SessionEvent.SessionCheckpointed;
import dev.sluice.schemas.event.SessionEvent.SessionClosed;
import dev.sluice.schemas.signature.TrustedKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the evidence of one session offline: feed the records in the order in which they lie in Kafka, then ask for the report. Finds
 * gaps, duplicates, edits, reordering, removal at the end, forged or missing signatures. A record that is there twice with the same bytes
 * is a repeated delivery, not a finding. One object per session; not safe for use by several threads at once.
 */
public final class ChainVerifier {
    private static final EventCodec CODEC = new EventCodec();
    /** Bounds the memory that a session of millions of events needs. A record further out of its place counts as reordered, a seal over one further back as a mismatch. */
    private static final int REMEMBERED = 65_536;

    private final String sessionId;
    private final TrustedKeys keys;
    private final List<Finding> findings = new ArrayList<>();
    /** Of the records seen lately, by sequence. */
    private final Map<Long, String> hashes = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
            return size() > REMEMBERED;
        }
    };

    private int position;
    private long highest = -1;
    private String lastHash = HashChain.START;
    private long sealedThrough = -1;
    private boolean closed;

    public ChainVerifier(String sessionId, TrustedKeys keys) {
        this.sessionId = sessionId;
        this.keys = keys;
    }

    /** The next record's bytes, exactly as they lie in Kafka. */
    public void add(byte[] record) {
        add(record, HashChain.hash(record), CODEC.decode(record));
    }

    /**
     * As {@link #add(byte[])}, for a reader that has already taken the record apart: both can be done by many threads at once, the chain cannot.
     *
     * @param hash what {@link HashChain#hash} gives for it
     * @param decoded what {@link EventCodec#decode} gives for it
     */
    public void add(byte[] record, String hash, Decoded decoded) {
        switch (decoded) {
            case Decoded.Known(EventEnvelope<?> envelope) -> check(envelope, record, hash);
            case Decoded.UnknownType(String id, String type, String subject) ->
                unreadable(hash, "event " + id + " has the type " + type + ", which this version does not know; verify with a newer one");
            case Decoded.Malformed(String reason) -> unreadable(hash, "the record cannot be read: " + reason);
        }
        position++;
    }

    /** What has been found so far, the end of the chain included. */
    public ChainReport report() {
        var all = new ArrayList<>(findings);
        if (!closed) {
            all.add(new Finding(
                    Finding.Kind.OPEN_END,
                    position,
                    highest,
                    position == 0
                            ? "there are no records of this session"
                            : "there is no session.closed after sequence " + highest + ": the session still runs, its gateway died, or its end was removed"));
        }
        return new ChainReport(sessionId, position, highest, lastHash, sealedThrough, closed, all);
    }

    /** The link cannot be checked through a record that cannot be read, but the next record still names its hash. */
    private void unreadable(String hash, String message) {
        find(Finding.Kind.UNREADABLE, highest + 1, message);
        lastHash = hash;
        highest++;
        hashes.put(highest, hash);
    }

    private void check(EventEnvelope<?> envelope, byte[] record, String hash) {
        Long sequence = envelope.sequence();
        if (!sessionId.equals(envelope.subject()) || !sessionId.equals(envelope.correlationid()) || sequence == null) {
            find(Finding.Kind.FOREIGN, sequence == null ? -1 : sequence, "event " + envelope.id() + " does not belong to the chain of this session");
            return;
        }
        if (hash.equals(hashes.putIfAbsent(sequence, hash))) {
            return;
        }
        if (sequence <= highest) {
            misplaced(sequence, hash);
            return;
        }
        if (closed) {
            find(Finding.Kind.AFTER_END, sequence, "sequence " + sequence + " follows session.closed");
        }
        if (sequence > highest + 1) {
            find(Finding.Kind.GAP, sequence, missing(highest + 1, sequence - 1));
        } else if (!lastHash.equals(envelope.previoushash())) {
            find(Finding.Kind.BROKEN_LINK, sequence, brokenLink(sequence));
        }
        switch (envelope.data()) {
            case SessionCheckpointed checkpoint ->
                checkSeal(sequence, new ChainSeal(sessionId, checkpoint.checkpointSequence(), checkpoint.chainHash()), seal -> seal.verify(checkpoint.signature(), keys));
            case SessionClosed end -> {
                closed = true;
                checkSeal(sequence, new ChainSeal(sessionId, sequence - 1, end.chainHash()), seal -> seal.verifyEnd(end.signature(), keys, record));
            }
            default -> {
                // every other event only has to be in its place
            }
        }
        highest = sequence;
        lastHash = hash;
    }

    private void misplaced(long sequence, String hash) {
        if (hash.equals(hashes.get(sequence))) {
            find(Finding.Kind.REORDERED, sequence, "sequence " + sequence + " comes after sequence " + highest);
        } else {
            find(Finding.Kind.DUPLICATE, sequence, "sequence " + sequence + " is there twice, with different contents");
        }
    }

    private static String missing(long from, long to) {
        return from == to ? "sequence " + from + " is missing" : "sequences " + from + " to " + to + " are missing";
    }

    private static String brokenLink(long sequence) {
        return sequence == 0
                ? "the first record names a record before it"
                : "sequence " + sequence + " does not name the hash of sequence " + (sequence - 1) + ": one of the two was changed";
    }

    private void checkSeal(long sequence, ChainSeal seal, Function<ChainSeal, @Nullable String> verification) {
        String known = seal.sequence() == -1 ? HashChain.START : hashes.get(seal.sequence());
        boolean overWhatIsHere = seal.sequence() < sequence && seal.chainHash().equals(known);
        if (!overWhatIsHere) {
            find(Finding.Kind.CHECKPOINT_MISMATCH, sequence, "the seal at sequence " + sequence + " is over another sequence " + seal.sequence() + " than the one that is here");
        }
        String problem = verification.apply(seal);
        if (problem != null) {
            find(Finding.Kind.BAD_SIGNATURE, sequence, "the seal at sequence " + sequence + " is not signed as it should be: " + problem);
        } else if (overWhatIsHere) {
            sealedThrough = Math.max(sealedThrough, seal.sequence());
        }
    }

    private void find(Finding.Kind kind, long sequence, String message) {
        findings.add(new Finding(kind, position, sequence, message));
    }
}
