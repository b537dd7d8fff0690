// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import org.jspecify.annotations.Nullable;

/** The quick start cannot start. The message is one sentence for the person at the terminal: what is wrong and the way out. */
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartFailure(String message) {
        super(message);
    }

    public StartFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
