// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

/** Ends a walk over a tree that it cannot follow; never leaves this package, where it becomes {@link Lineage.Unresolved}. */
final class UnreadableTree extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String expression;
    private final String reason;
    private final String hint;

    UnreadableTree(String expression, String reason) {
        this(expression, reason, "Write the statement without it.");
    }

    UnreadableTree(String expression, String reason, String hint) {
        super(expression + ": " + reason, null, false, false);
        this.expression = expression;
        this.reason = reason;
        this.hint = hint;
    }

    Lineage.Unresolved unresolved() {
        return new Lineage.Unresolved(expression, reason, hint);
    }
}
