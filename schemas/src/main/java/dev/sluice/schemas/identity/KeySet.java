// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.identity;

import com.nimbusds.jose.jwk.JWK;
import java.util.List;

/** An issuer's keys as far as they are known. */
sealed interface KeySet {
    record Present(List<JWK> keys) implements KeySet {}

    /** {@code reason} is for the operator: which address, what went wrong. */
    record Missing(String reason) implements KeySet {}
}
