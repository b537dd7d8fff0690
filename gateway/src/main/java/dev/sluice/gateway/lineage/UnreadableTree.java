// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import org.jspecify.annotations.Nullable;

/** Ends a walk over a tree that it cannot follow; never leaves this package, where it becomes {@link Lineage.Unresolved}. */
final class UnreadableTree extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String expression;
    private final String reason;
    private final String hint;
    private final @Nullable Disagreement disagreement;

    UnreadableTree(String expression, String reason) {
        this(expression, reason, "Write the statement without it.");
    }

    UnreadableTree(String expression, String reason, String hint) {
        this(expression, reason, hint, null);
    }

    UnreadableTree(String expression, String reason, String hint, @Nullable Disagreement disagreement) {
        super(expression + ": " + reason, null, false, false);
        this.expression = expression;
        this.reason = reason;
        this.hint = hint;
        this.disagreement = disagreement;
    }

    Lineage.Unresolved unresolved() {
        return new Lineage.Unresolved(expression, reason, hint, disagreement);
    }
}
