// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import dev.sluice.gateway.impact.GatewayConnection.NotAnswered;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for other parts of the gateway, on a thread that may. */
final class Answers {
    private static final long PATIENCE_SECONDS = 20;

    private Answers() {}

    static <T> T await(CompletionStage<T> stage) throws NotAnswered {
        try {
            return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new NotAnswered(String.valueOf(failed.getCause().getMessage()));
        } catch (TimeoutException late) {
            throw new NotAnswered("the gateway took too long");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new NotAnswered("the gateway is stopping");
        }
    }
}
