// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

/** An answer is not laid out as the protocol says, so it cannot be searched, and must not be given. */
public final class SearchFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    SearchFailed(String message) {
        super(message);
    }
}
