// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.audit.projection.RawRecord;
import dev.sluice.audit.projection.ReadRecord;
import dev.sluice.audit.projection.RecordReader;
import dev.sluice.audit.projection.Timeline;
import dev.sluice.audit.store.EvidenceStore;
import dev.sluice.audit.store.Visibility;
import dev.sluice.schemas.event.StatementEvent.GrantRejected;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementRefused;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.kafka.Topics;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A session's records piece by piece, so that a session of any length is served in bounded memory. Methods wait. */
final class RecordPages {
    /** The session's own topic first: it alone holds the chain. */
    static final List<String> TOPICS = List.of(Topics.SESSIONS.name(), Topics.APPROVALS.name(), Topics.VERDICTS.name());

    private static final int PIECE = 500;
    /** How many approvals are asked for at once. */
    private static final int APPROVALS_PIECE = 100;
    /** Chunks of kept answers are large. */
    private static final int RESULTS_PIECE = 16;

    private final EvidenceStore store;
    private final RecordReader reader = new RecordReader();

    RecordPages(EvidenceStore store) {
        this.store = store;
    }

    /** A place in the session's own topic; {@link #START} is before all of it. */
    record Place(int partition, long offset) {
        static final Place START = new Place(-1, -1);

        static Place parse(String text) {
            String[] parts = text.split("\\.", 2);
            try {
                if (parts.length == 2) {
                    return new Place(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
                }
            } catch (NumberFormatException e) {
                throw Problem.badRequest("The parameter cursor is not one that this timeline has given out.");
            }
            throw Problem.badRequest("The parameter cursor is not one that this timeline has given out.");
        }

        @Override
        public String toString() {
            return partition + "." + offset;
        }
    }

    /** The records of the chain with the approvals of the holds among them, as far as they may be seen, in their places. */
    List<ReadRecord> timeline(List<ReadRecord> chain, Visibility visibility) {
        List<String> approvalIds = chain.stream()
                .map(RecordPages::approvalOf)
                .filter(id -> !id.isEmpty())
                .distinct()
                .toList();
        return merged(chain, approvals(approvalIds, visibility));
    }

    /** Of a statement that was sent again it is another session's. */
    private static String approvalOf(ReadRecord record) {
        return record.content() instanceof ReadRecord.Content.Known(var envelope)
                ? switch (envelope.data()) {
                    case StatementHeld held -> held.approvalId();
                    case StatementReleased released -> released.approvalId();
                    case StatementRefused refused -> refused.approvalId();
                    case GrantRejected rejected -> rejected.approvalId();
                    default -> "";
                }
                : "";
    }

    /** The records of these approvals, as far as they may be seen. */
    List<ReadRecord> approvals(List<String> approvalIds, Visibility visibility) {
        return approvalIds.isEmpty() ? List.of() : store.approvals(approvalIds, visibility).await().stream().map(reader::read).toList();
    }

    /** Both in one order. */
    static List<ReadRecord> merged(List<ReadRecord> chain, List<ReadRecord> approvals) {
        return Timeline.merge(chain, approvals);
    }

    /** Whether there may be more behind a piece of at most {@code limit} records. */
    static boolean mayGoOn(List<ReadRecord> piece, int limit) {
        return EvidenceStore.mayGoOn(piece.stream().map(ReadRecord::raw).toList(), limit);
    }

    /** The next records of the chain: fewer than {@code limit} where they are large, see {@link #mayGoOn}. */
    List<ReadRecord> chain(String sessionId, Place place, int limit) {
        return store.records(sessionId, TOPICS.getFirst(), place.partition(), place.offset(), limit).await().stream().map(reader::read).toList();
    }

    /**
     * The records of approvals that one export has had. An approval belongs to the session that has asked and to the one that has used it, and may grow while
     * the one is written and then the other, so it is its records that come once, each as soon as it is seen, which keeps them in the order of their log.
     */
    static final class Told {
        private final Set<Where> records = new HashSet<>();

        private record Where(String topic, int partition, long offset) {}

        private List<RawRecord> first(List<RawRecord> piece) {
            return piece.stream().filter(record -> records.add(new Where(record.topic(), record.partition(), record.offset()))).toList();
        }
    }

    /** As {@link #raw(String, Visibility, Told, Consumer)}, of this session alone. */
    void raw(String sessionId, Visibility visibility, Consumer<List<RawRecord>> pieces) {
        raw(sessionId, visibility, new Told(), pieces);
    }

    /**
     * Every raw record of the session: its topic in log order, then the approvals', then the verdicts'; and then those of approvals that another session
     * has asked for and this one has used, where that session may be seen too. What has been {@code told} of approvals is left out.
     */
    void raw(String sessionId, Visibility visibility, Told told, Consumer<List<RawRecord>> pieces) {
        Set<String> approvalIds = new LinkedHashSet<>();
        for (String topic : TOPICS) {
            Place place = Place.START;
            List<RawRecord> piece;
            do {
                piece = store.records(sessionId, topic, place.partition(), place.offset(), PIECE).await();
                boolean chained = topic.equals(TOPICS.getFirst());
                take(chained ? piece : told.first(piece), pieces);
                if (!piece.isEmpty()) {
                    place = new Place(piece.getLast().partition(), piece.getLast().offset());
                }
                if (chained) {
                    piece.stream().map(reader::read).map(RecordPages::approvalOf).filter(id -> !id.isEmpty()).forEach(approvalIds::add);
                }
            } while (EvidenceStore.mayGoOn(piece, PIECE));
        }
        List<String> used = List.copyOf(approvalIds);
        for (int from = 0; from < used.size(); from += APPROVALS_PIECE) {
            elsewhere(sessionId, used.subList(from, Math.min(from + APPROVALS_PIECE, used.size())), visibility, told, pieces);
        }
    }

    private void elsewhere(String sessionId, List<String> approvalIds, Visibility visibility, Told told, Consumer<List<RawRecord>> pieces) {
        RawRecord last = null;
        List<RawRecord> piece;
        do {
            piece = store.approvalsFromElsewhere(sessionId, approvalIds, visibility, last, PIECE).await();
            take(told.first(piece), pieces);
            last = piece.isEmpty() ? last : piece.getLast();
        } while (EvidenceStore.mayGoOn(piece, PIECE));
    }

    private static void take(List<RawRecord> piece, Consumer<List<RawRecord>> pieces) {
        if (!piece.isEmpty()) {
            pieces.accept(piece);
        }
    }

    /** Every chunk of the session's kept answers. */
    void results(String sessionId, Consumer<List<EvidenceStore.Filed>> pieces) {
        EvidenceStore.Filed last = null;
        List<EvidenceStore.Filed> piece;
        do {
            piece = store.results(sessionId, last, RESULTS_PIECE).await();
            if (!piece.isEmpty()) {
                pieces.accept(piece);
                last = piece.getLast();
            }
        } while (!piece.isEmpty());
    }
}
