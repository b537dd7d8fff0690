// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.chain.HashChain;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/** The chunks of an answer are what the statement's end says, and the answer itself where they are whole. */
final class KeptAnswers {
    private KeptAnswers() {}

    static void prove(List<ResultRecorded> results, List<StatementEvent> recorded) {
        results.stream().filter(ResultRecorded::last).forEach(last -> prove(last, results, recorded));
    }

    private static void prove(ResultRecorded last, List<ResultRecorded> results, List<StatementEvent> recorded) {
        Buffer bytes = Buffer.buffer();
        List<ResultRecorded> chunks = results.stream().filter(chunk -> chunk.statementId().equals(last.statementId())).toList();
        chunks.forEach(chunk -> bytes.appendBytes(Base64.getDecoder().decode(chunk.data())));
        StatementCompleted completed = recorded.stream()
                .filter(event -> event instanceof StatementCompleted && event.statementId().equals(last.statementId()))
                .map(StatementCompleted.class::cast)
                .findFirst()
                .orElseThrow();
        var summary = Objects.requireNonNull(completed.results());
        assertThat(HashChain.hash(bytes.getBytes())).isEqualTo(last.digest()).isEqualTo(summary.digest());
        assertThat(summary.chunks()).isEqualTo(chunks.size());
        assertThat(summary.bytes()).isEqualTo(bytes.length());
        assertThat(summary.rows()).isEqualTo(chunks.stream().mapToLong(ResultRecorded::rows).sum());
        assertThat(summary.whole()).isEqualTo(completed.digest().equals(summary.digest()));
    }
}
