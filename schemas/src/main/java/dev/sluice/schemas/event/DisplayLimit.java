// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.event.StatementEvent.StandsFor;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long a statement may be that people approve: whoever approves must have been shown all of it. Gateways do not hold a longer one, and a vote for it
 * does not count. A constant, not a setting: replicas that disagreed about it would fold one log into two states.
 */
public final class DisplayLimit {
    /** Bytes of the query, of what its names stand for, and of parameters together, in UTF-8. */
    public static final long BYTES = 1024L * 1024;

    private DisplayLimit() {}

    /** Bytes that an approver has to read of this one. */
    public static long bytesOf(StatementHeld held) {
        long bytes = bytesOf(held.query(), held.parameters());
        List<StandsFor> meanings = held.standsFor();
        for (StandsFor meaning : meanings == null ? List.<StandsFor>of() : meanings) {
            bytes += bytesOf(meaning.query(), meaning.parameters());
        }
        return bytes;
    }

    /** Bytes in UTF-8 of a query and of its parameters' values as they are recorded: binary ones as base64. */
    public static long bytesOf(String query, List<Parameter> parameters) {
        long bytes = bytesOf(query);
        for (Parameter parameter : parameters) {
            bytes += bytesOf(parameter.value());
        }
        return bytes;
    }

    /** Without a copy of it. What is no character (half of a surrogate pair) counts as its substitute, one byte. */
    private static long bytesOf(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        long bytes = 0;
        int at = 0;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            boolean half = Character.charCount(character) == 1 && Character.isSurrogate((char) character);
            bytes += character < 0x80 || half ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
            at += Character.charCount(character);
        }
        return bytes;
    }
}
