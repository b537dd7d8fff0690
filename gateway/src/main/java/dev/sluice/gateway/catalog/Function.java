// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.catalog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function, procedure, aggregate or window function.
 *
 * @param argumentTypes type OIDs of the input arguments
 * @param defaults whether arguments have defaults, which a call that leaves them out computes
 * @param extension the extension that it belongs to
 * @param source for functions that are not PostgreSQL's own: the body; of SQL-standard bodies the text that PostgreSQL prints for them;
 *     of C functions the symbol, a newline and the library
 * @param sourceHash for functions that are not PostgreSQL's own: lower-case hexadecimal SHA-256 of the language, a newline and the source
 */
public record Function(
        int oid,
        String schema,
        String name,
        Kind kind,
        List<Integer> argumentTypes,
        String language,
        Volatility volatility,
        boolean securityDefiner,
        boolean defaults,
        @Nullable String extension,
        @Nullable String source,
        @Nullable String sourceHash) {
    /** OIDs below this belong to what initdb made (FirstNormalObjectId in transam.h). */
    static final int FIRST_OF_USERS = 16_384;

    public Function {
        argumentTypes = List.copyOf(argumentTypes);
    }

    /** What {@code pg_proc.prokind} says. */
    public enum Kind {
        FUNCTION,
        PROCEDURE,
        AGGREGATE,
        WINDOW
    }

    /** What {@code pg_proc.provolatile} says. */
    public enum Volatility {
        IMMUTABLE,
        STABLE,
        VOLATILE
    }

    /** Whether PostgreSQL came with it: initdb made it. */
    public boolean builtIn() {
        return Integer.compareUnsigned(oid, FIRST_OF_USERS) < 0;
    }

    static String hash(String language, String source) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest((language + "\n" + source).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256", impossible);
        }
    }
}
