// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code traceparent} of W3C Trace Context, by which an agent's run is followed across statements and sessions. A client's own word:
 * recorded, never judged by.
 */
public final class Traceparent {
    /** The longest that is taken; version 00 has 55 characters, a later one may have more. */
    private static final int MAX_LENGTH = 255;

    private static final String NAME = "traceparent";
    /** Section 3.2.2 of the recommendation: version, trace-id, parent-id, trace-flags; what a later version may add follows a dash. */
    private static final Pattern FORM =
            Pattern.compile("(?!ff)([0-9a-f]{2})-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[\\x21-\\x7e]*)?");

    /** One pair of sqlcommenter: names and values are URL-encoded, the values in quotes. */
    private static final Pattern PAIR = Pattern.compile("(?:^|,)\\s*traceparent\\s*=\\s*'([^']*)'");

    private Traceparent() {}

    /** Whether the text is a traceparent that the recommendation lets us take. */
    public static boolean isValid(String text) {
        if (text.length() > MAX_LENGTH) {
            return false;
        }
        Matcher matcher = FORM.matcher(text);
        return matcher.matches() && (matcher.group(2) == null || !matcher.group(1).equals("00"));
    }

    /**
     * What the comment that ends or begins the text says, as sqlcommenter writes it.
     *
     * @return null where there is none, or none that is valid: a comment never makes a statement fail
     */
    public static @Nullable String ofComment(String sql) {
        if (!sql.contains(NAME)) {
            return null;
        }
        String text = sql.strip();
        while (text.endsWith(";")) {
            text = text.substring(0, text.length() - 1).stripTrailing();
        }
        String last = null;
        if (text.endsWith("*/")) {
            last = in(text.substring(Math.max(0, text.lastIndexOf("/*")), text.length() - 2));
        }
        return last == null && text.startsWith("/*") && text.indexOf("*/") > 0 ? in(text.substring(0, text.indexOf("*/"))) : last;
    }

    private static @Nullable String in(String comment) {
        if (!comment.startsWith("/*")) {
            return null;
        }
        Matcher pair = PAIR.matcher(comment.substring(2));
        if (!pair.find()) {
            return null;
        }
        try {
            // A plus sign is itself in sqlcommenter; the decoder of forms would make a space of it.
            String value = URLDecoder.decode(pair.group(1).replace("+", "%2B"), StandardCharsets.UTF_8);
            return isValid(value) ? value : null;
        } catch (IllegalArgumentException notEncoded) {
            return null;
        }
    }
}
