// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How COPY TO writes rows: its options.
 *
 * @param delimiter one byte
 * @param nullText what stands for NULL
 * @param quote one byte; CSV only
 * @param escape one byte; CSV only
 * @param header whether the first line has the columns' names
 */
public record CopyFormat(Kind kind, char delimiter, String nullText, char quote, char escape, boolean header) {
    /** The option FORMAT. */
    public enum Kind {
        TEXT,
        CSV,
        BINARY
    }

    /** COPY without options. */
    public static final CopyFormat TEXT = new CopyFormat(Kind.TEXT, '\t', "\\N", '"', '"', false);

    /** {@code (FORMAT csv)} without more. */
    public static final CopyFormat CSV = new CopyFormat(Kind.CSV, ',', "", '"', '"', false);

    /** {@code (FORMAT binary)}. */
    public static final CopyFormat BINARY = new CopyFormat(Kind.BINARY, '\t', "", '"', '"', false);

    private static final Set<String> HEADER_WORDS = Set.of("", "true", "on", "1", "match");

    /** A backslash within a value is doubled; that a value is empty tells no more than that it is NULL. */
    private static final Set<String> TOLD_FROM_VALUES = Set.of("\\N", "");

    public CopyFormat {
        if (delimiter > 127 || quote > 127 || escape > 127) {
            throw new IllegalArgumentException("delimiter, quote and escape are one byte each");
        }
    }

    /**
     * Reads the options of COPY TO.
     *
     * @param options lower-case names to values as written; a boolean option without a value has the empty value
     * @throws MaskingFailed for one that is not known here; for an ENCODING other than UTF8: in some, a byte of one character looks like another;
     *     and for a NULL of the text format that values may look like: whoever chose it would learn by it which values are equal to it
     */
    public static CopyFormat of(Map<String, String> options) {
        CopyFormat format = switch (options.getOrDefault("format", "text").toLowerCase(Locale.ROOT)) {
            case "text" -> TEXT;
            case "csv" -> CSV;
            case "binary" -> BINARY;
            default -> throw new MaskingFailed("COPY has a FORMAT that is not known here");
        };
        char delimiter = format.delimiter;
        String nullText = format.nullText;
        char quote = format.quote;
        boolean header = false;
        for (var option : options.entrySet()) {
            switch (option.getKey()) {
                case "format", "escape", "force_quote", "freeze" -> {}
                case "delimiter" -> delimiter = one(option.getValue());
                case "null" -> nullText = option.getValue();
                case "quote" -> quote = one(option.getValue());
                case "header" -> header = HEADER_WORDS.contains(option.getValue().toLowerCase(Locale.ROOT));
                case "encoding" -> refuseOtherThanUtf8(option.getValue());
                default -> throw new MaskingFailed("COPY has the option " + option.getKey() + ", which is not known here");
            }
        }
        if (format.kind == Kind.TEXT && !TOLD_FROM_VALUES.contains(nullText)) {
            throw new MaskingFailed("in COPY's text format NULL can be told from values only if it is written '\\N' or ''");
        }
        char escape = options.containsKey("escape") ? one(options.get("escape")) : quote;
        return new CopyFormat(format.kind, delimiter, nullText, quote, escape, header);
    }

    private static char one(String text) {
        if (text.length() != 1 || text.charAt(0) > 127) {
            throw new MaskingFailed("DELIMITER, QUOTE and ESCAPE of COPY are one byte each");
        }
        return text.charAt(0);
    }

    private static void refuseOtherThanUtf8(String encoding) {
        String name = encoding.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
        if (!name.equals("utf8") && !name.equals("unicode")) {
            throw new MaskingFailed("masked columns can be copied in UTF8 only; leave out ENCODING");
        }
    }

    byte[] nullBytes() {
        return nullText.getBytes(StandardCharsets.UTF_8);
    }

    /** The format of each value. */
    Format values() {
        return kind == Kind.BINARY ? Format.BINARY : Format.TEXT;
    }
}
