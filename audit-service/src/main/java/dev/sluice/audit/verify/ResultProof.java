// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import dev.sluice.audit.verify.Finding.Kind;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import dev.sluice.schemas.event.StatementEvent.RecordedResult;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether the answers that were kept are those that the statements' ends, which the sessions' chains prove, name. Answers have a shorter
 * life than the chains: one of which nothing is there any more is no finding, one of which a part is missing is.
 */
final class ResultProof {
    private static final int NOWHERE = -1;

    /** What has come of one answer, in whatever order its chunks and its statement's end do. */
    private static final class Answer {
        final MessageDigest digest = BundleFormat.sha256();
        final List<String> digests = new ArrayList<>();
        /** Chunks that came before one that is before them. */
        final Map<Long, ResultRecorded> early = new HashMap<>();
        long rows;
        long bytes;
        long line;
        @Nullable RecordedResult named;
        @Nullable String problem;
    }

    private final String sessionId;
    private final Map<String, Answer> answers = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    ResultProof(String sessionId) {
        this.sessionId = sessionId;
    }

    void completed(StatementCompleted completed) {
        RecordedResult results = completed.results();
        if (results != null) {
            Answer answer = answers.computeIfAbsent(completed.statementId(), _ -> new Answer());
            answer.named = results;
            if (results.whole() && !results.digest().equals(completed.digest())) {
                amiss(answer, "the answer that was kept of statement " + completed.statementId() + " is not what the client received");
            }
            settle(completed.statementId(), answer);
        }
    }

    void accept(ResultRecorded chunk, long line) {
        Answer answer = answers.computeIfAbsent(chunk.statementId(), _ -> new Answer());
        answer.line = line;
        if (chunk.chunk() < answer.digests.size()) {
            if (!answer.digests.get((int) chunk.chunk()).equals(chunk.digest())) {
                amiss(answer, "chunk " + chunk.chunk() + " of the answer to statement " + chunk.statementId() + " is there twice, with different bytes");
            }
            return;
        }
        answer.early.put(chunk.chunk(), chunk);
        for (ResultRecorded next = next(answer); next != null; next = next(answer)) {
            take(answer, next);
        }
        settle(chunk.statementId(), answer);
    }

    private static @Nullable ResultRecorded next(Answer answer) {
        return answer.early.remove((long) answer.digests.size());
    }

    private void take(Answer answer, ResultRecorded chunk) {
        try {
            byte[] data = Base64.getDecoder().decode(chunk.data());
            answer.digest.update(data);
            answer.bytes += data.length;
            answer.rows += chunk.rows();
            String reached = HexFormat.of().formatHex(((MessageDigest) answer.digest.clone()).digest());
            if (!reached.equals(chunk.digest())) {
                amiss(answer, "chunk " + chunk.chunk() + " of the answer to statement " + chunk.statementId() + " is not the one that was recorded");
            }
        } catch (IllegalArgumentException notBase64) {
            amiss(answer, "chunk " + chunk.chunk() + " of the answer to statement " + chunk.statementId() + " cannot be read");
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("SHA-256 of every Java platform can be cloned", impossible);
        }
        answer.digests.add(chunk.digest());
    }

    /** What is proven needs no more memory than that. */
    private void settle(String statementId, Answer answer) {
        RecordedResult named = answer.named;
        if (named != null && answer.problem == null && answer.digests.size() == named.chunks() && !named.digest().equals(answer.digests.isEmpty() ? "" : answer.digests.getLast())) {
            amiss(answer, "the answer that was kept of statement " + statementId + " is not the one that its end names");
        }
    }

    private void amiss(Answer answer, String message) {
        if (answer.problem == null) {
            answer.problem = message;
            findings.add(new Finding(Kind.RESULT_CHANGED, sessionId, NOWHERE, answer.line, message));
        }
    }

    /** {@code closed}: whether the session's end is there, so that everything else should be. */
    List<Finding> findings(boolean closed) {
        List<Finding> all = new ArrayList<>(findings);
        answers.forEach((statementId, answer) -> {
            boolean kept = !answer.digests.isEmpty() || !answer.early.isEmpty();
            RecordedResult named = answer.named;
            String problem = answer.problem != null || !kept
                    ? null
                    : named == null
                            ? (closed ? "an answer to statement " + statementId + " is there that its end does not name" : null)
                            : answer.digests.size() == named.chunks() && answer.rows == named.rows() && answer.bytes == named.bytes() && answer.early.isEmpty()
                                    ? null
                                    : "of the answer to statement " + statementId + " there are other chunks than the " + named.chunks() + " that its end names";
            if (problem != null) {
                all.add(new Finding(Kind.RESULT_CHANGED, sessionId, NOWHERE, answer.line, problem));
            }
        });
        return all;
    }
}
