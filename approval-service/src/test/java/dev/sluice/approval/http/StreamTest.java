// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class StreamTest {
    private final RestFixture rest = new RestFixture();

    @AfterEach
    void close() {
        rest.close();
    }

    @Test
    void beginsWithWhatIsOpenAndGoesOnWithChanges() throws IOException, InterruptedException {
        rest.ask(rest.hold("a1"));
        rest.ask(rest.hold("hidden").approvers(1, "others"));
        try (var stream = reader(rest.client.stream("/v1/approvals/stream", rest.bob()))) {
            assertThat(next(stream)).contains("event: approval", "id: a1:1").anyMatch(line -> line.startsWith("data: ") && line.contains("\"status\":\"open\""));
            assertThat(next(stream)).contains("event: ready");

            rest.ask(rest.hold("hidden-2").approvers(1, "others"));
            rest.client.vote("a1", rest.bob(), "reject", "digest-of-a1");

            assertThat(next(stream)).contains("id: a1:2").anyMatch(line -> line.contains("\"status\":\"refused\""));
        }
    }

    @Test
    void beginsWithWhatIsOpenHoweverMuchThatIs() throws IOException, InterruptedException {
        int many = 5_000;
        for (int number = 0; number < many; number++) {
            rest.ask(rest.hold("a" + number));
        }
        try (var stream = reader(rest.client.stream("/v1/approvals/stream", rest.bob()))) {
            for (int number = 0; number < many; number++) {
                assertThat(next(stream)).contains("event: approval");
            }
            assertThat(next(stream)).contains("event: ready");
        }
    }

    @Test
    void endsWithTheToken() throws IOException, InterruptedException {
        var shortLived = rest.issuer.token("bob", rest.clock.instant().plus(Duration.ofSeconds(2)), claims -> claims.claim("groups", List.of("dba")));
        try (var stream = reader(rest.client.stream("/v1/approvals/stream", shortLived))) {
            assertThat(next(stream)).contains("event: ready");

            assertThat(stream.readLine()).isNull();
        }
    }

    @Test
    void isBoundedInNumber() throws IOException, InterruptedException {
        try (var one = reader(rest.client.stream("/v1/approvals/stream", rest.bob()));
                var two = reader(rest.client.stream("/v1/approvals/stream", rest.bob()))) {
            next(one);
            next(two);

            assertThat(rest.client.get("/v1/approvals/stream", rest.bob()).status()).isEqualTo(429);
        }
    }

    private static BufferedReader reader(InputStream stream) {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    private static List<String> next(BufferedReader stream) throws IOException {
        var lines = new ArrayList<String>();
        for (var line = stream.readLine(); line != null && !line.isEmpty(); line = stream.readLine()) {
            lines.add(line);
        }
        return lines;
    }
}
