// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import org.jspecify.annotations.Nullable;

/** How well the client's connection is protected. Protection only grows: nothing takes TLS away again. */
final class FrontendChannel {
    private final boolean loopback;
    private final boolean tlsRequired;
    private final boolean tlsAvailable;
    private boolean encrypted;
    private byte @Nullable [] certificateHash;

    FrontendChannel(boolean loopback, boolean tlsAvailable, boolean tlsRequired) {
        this.loopback = loopback;
        this.tlsAvailable = tlsAvailable;
        this.tlsRequired = tlsRequired;
    }

    /** @param hash our certificate's hash for {@code tls-server-end-point}; null if it has none */
    void encrypt(byte @Nullable [] hash) {
        encrypted = true;
        certificateHash = hash;
    }

    boolean encrypted() {
        return encrypted;
    }

    boolean tlsAvailable() {
        return tlsAvailable;
    }

    boolean tlsRequired() {
        return tlsRequired;
    }

    /** Whether nobody on the way can read: a password may be asked for. */
    boolean confidential() {
        return encrypted || loopback;
    }

    /** For channel binding; null unless TLS is on. */
    byte @Nullable [] endPointHash() {
        return certificateHash;
    }
}
