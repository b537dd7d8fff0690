// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.signature;

import dev.sluice.schemas.Verdict;

/** What became of a signed verdict. */
public sealed interface VerdictResult {
    /** The signature holds and the verdict has not expired. Whether it is meant for this statement is for the holder to compare. */
    record Valid(Verdict verdict) implements VerdictResult {}

    /** Grants nothing. */
    record Invalid(String reason) implements VerdictResult {}
}
