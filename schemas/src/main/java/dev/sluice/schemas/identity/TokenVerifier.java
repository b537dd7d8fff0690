// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.identity;

import java.util.concurrent.CompletionStage;

/** Proves a caller by a token. Never blocks and never completes exceptionally: what goes wrong is a {@link TokenResult}. */
public interface TokenVerifier {
    /** The stage completes on a thread of the verifier: a caller with a thread of its own hops back to it. */
    CompletionStage<TokenResult> verify(String token);
}
