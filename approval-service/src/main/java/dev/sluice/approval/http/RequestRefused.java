// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

/** Ends a request with a problem, from wherever it was found. Carries no stack trace: it is an answer, not a fault. */
final class RequestRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    RequestRefused(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
