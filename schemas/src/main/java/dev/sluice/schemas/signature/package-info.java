// SPDX-License-Identifier: Apache-2.0
/** Ed25519 keys (JWK), compact JWS, signed verdicts and the digest of a statement. */
@NullMarked
package dev.sluice.schemas.signature;

import org.jspecify.annotations.NullMarked;
