// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Brings one message to its receiver, once. */
@FunctionalInterface
public interface Postman {
    /** How it went. */
    sealed interface Attempt {
        /** @param status from 200 to 299 */
        record Delivered(int status) implements Attempt {}

        /**
         * @param reason one sentence without the receiver's URL, which may be a secret
         * @param hopeless whether the receiver wants no more attempts
         * @param notBefore how long the receiver asks us to wait; null where it does not
         */
        record Failed(String reason, boolean hopeless, @Nullable Duration notBefore) implements Attempt {}
    }

    /** Never blocks, and never completes exceptionally. */
    CompletionStage<Attempt> bring(Receiver receiver, Map<String, String> headers, byte[] body);
}
