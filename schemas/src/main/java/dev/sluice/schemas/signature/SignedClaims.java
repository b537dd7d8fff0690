// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.signature;

import java.util.Map;

/** What a compact JWS turned out to say. */
public sealed interface SignedClaims {
    record Proven(Map<String, Object> claims) implements SignedClaims {}

    record Unproven(String reason) implements SignedClaims {}
}
