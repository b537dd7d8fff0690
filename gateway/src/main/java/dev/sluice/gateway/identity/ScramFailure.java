// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.identity;

/** The other side broke the rules of SCRAM or could not prove itself. The message never contains secret material. */
public final class ScramFailure extends Exception {
    /** Whether the exchange was malformed, or well-formed with a wrong proof. */
    public enum Kind { MALFORMED, NOT_PROVEN }

    private final Kind kind;

    ScramFailure(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    static ScramFailure malformed(String message) {
        return new ScramFailure(Kind.MALFORMED, message);
    }

    static ScramFailure notProven(String message) {
        return new ScramFailure(Kind.NOT_PROVEN, message);
    }

    public Kind kind() {
        return kind;
    }
}
