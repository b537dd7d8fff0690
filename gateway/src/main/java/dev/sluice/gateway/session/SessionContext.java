// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.masking.MaskTokens;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.schemas.Principal;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What does not change during a session. The policy may be replaced as a whole at any time; every judgement asks for the newest.
 *
 * @param credentialEnds the first instant at which what the caller was proven with is no longer valid: no hold outlasts it. Null where it has no end
 * @param role the database user that the server knows
 * @param roomForHold whether the gateway may hold one more statement now; asked before anybody hears of the hold
 * @param holds how the client waits for people
 * @param overlapsReads whether a statement that only reads may be on its way to the server while it is being recorded. Its answer waits for the
 *     record all the same, but if the gateway dies in between, the server has run a read that is in no record
 * @param pendingLimit bytes of frontend messages that may wait behind a held statement, and beyond which reading pauses otherwise
 * @param maskTokens makes the stand-ins for masked values of this target
 * @param gateway what the client may be told of the gateway
 * @param exposures which masked columns a statement of this caller shows unmasked
 * @param traceparent W3C Trace Context of the session; a statement may have its own
 * @param resultChunk bytes of an answer in one record, where it is kept
 * @param purpose what the client says that the session is for; null if it says nothing
 */
public record SessionContext(
        String sessionId,
        Principal principal,
        @Nullable Instant credentialEnds,
        String target,
        String database,
        String role,
        @Nullable String application,
        String clientAddress,
        Supplier<Policy> policy,
        BooleanSupplier roomForHold,
        HoldPractice holds,
        boolean overlapsReads,
        long pendingLimit,
        MaskTokens maskTokens,
        GatewayFacts gateway,
        Exposures exposures,
        @Nullable String traceparent,
        int resultChunk,
        @Nullable String purpose) {}
