// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

/** What the bytes of a record turned out to be. A reader decides what to do with what it does not understand; it never widens permission. */
public sealed interface Decoded {
    /** An event of a type that this version knows. */
    record Known(EventEnvelope<?> envelope) implements Decoded {}

    /** A well-formed envelope whose type this version does not know: written by a newer one. Skip, count, or refuse; never guess. */
    record UnknownType(String id, String type, String subject) implements Decoded {}

    /** Not an event: broken JSON, a missing or wrongly typed field, an unknown enumeration value. {@code reason} names the field and never repeats its value. */
    record Malformed(String reason) implements Decoded {}
}
