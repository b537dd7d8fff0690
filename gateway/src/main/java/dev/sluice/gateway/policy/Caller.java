// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import dev.sluice.schemas.Principal;
import org.jspecify.annotations.Nullable;

/** Everything but the time that conditions on a caller may ask for: answers are remembered by it. */
record Caller(Principal principal, String target, String database, String role, @Nullable String application, String clientAddress, @Nullable String purpose) {
    static Caller of(Subject subject) {
        return new Caller(subject.principal(), subject.target(), subject.database(), subject.role(), subject.application(), subject.clientAddress(), subject.purpose());
    }
}
