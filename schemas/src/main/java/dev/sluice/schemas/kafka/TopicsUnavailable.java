// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

/** The topics are not there and could not be made. The message is for the operator and names the way out. */
public final class TopicsUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TopicsUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
