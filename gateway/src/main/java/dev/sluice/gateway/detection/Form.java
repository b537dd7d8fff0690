// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

/** How a value's bytes are laid out, as far as it matters to what may be written over them. */
enum Form {
    /** Not searched: numbers, times, and other types whose values are no text. */
    NONE,
    /** Text, alone or among the braces of an array, in whatever notation of escapes. */
    TEXT,
    /** One JSON document. */
    JSON,
    /** A version byte and a JSON document: jsonb in binary format. */
    JSONB,
    /** JSON documents within an array's text or a row of COPY. */
    NESTED_JSON,
    /** Any bytes. */
    BYTES,
    /** The bytes of a bytea as hexadecimal digits behind \x, or text where the server writes it otherwise. */
    HEX,
    /** An array in binary format whose elements are text. */
    TEXT_ARRAY,
    /** An array in binary format whose elements are json. */
    JSON_ARRAY,
    /** An array in binary format whose elements are jsonb. */
    JSONB_ARRAY,
    /** An array in binary format whose elements are bytea. */
    BYTES_ARRAY,
    /** A type of the database's own in binary format: texts among lengths and other numbers. */
    OPAQUE;

    private static final int FIRST_OWN_TYPE = 16_384;

    /**
     * For a value of a type in a format code of the protocol.
     *
     * @param typeOid as RowDescription gives it; 0 where it is not known
     */
    static Form of(int typeOid, int format) {
        boolean text = format == 0;
        return switch (typeOid) {
            // text, varchar, bpchar, name, xml, unknown, cstring, refcursor, jsonpath
            case 25, 1043, 1042, 19, 142, 705, 2275, 1790, 4072 -> TEXT;
            case 114 -> JSON;
            case 3802 -> text ? JSON : JSONB;
            case 17 -> text ? HEX : BYTES;
            // Their arrays.
            case 1009, 1015, 1014, 1003, 143, 1263, 2201, 4073 -> text ? TEXT : TEXT_ARRAY;
            case 199 -> text ? NESTED_JSON : JSON_ARRAY;
            case 3807 -> text ? NESTED_JSON : JSONB_ARRAY;
            case 1001 -> text ? TEXT : BYTES_ARRAY;
            // tsvector, record, record[], anyarray as in pg_stats
            case 3614, 2249, 2287, 2277 -> text ? TEXT : OPAQUE;
            case 0 -> text ? TEXT : OPAQUE;
            default -> typeOid > 0 && typeOid < FIRST_OWN_TYPE ? NONE : text ? TEXT : OPAQUE;
        };
    }

    boolean isArray() {
        return switch (this) {
            case TEXT_ARRAY, JSON_ARRAY, JSONB_ARRAY, BYTES_ARRAY -> true;
            case NONE, TEXT, JSON, JSONB, NESTED_JSON, BYTES, HEX, OPAQUE -> false;
        };
    }

    /** Of an array's elements; of anything else its own. */
    Form element() {
        return switch (this) {
            case TEXT_ARRAY -> TEXT;
            case JSON_ARRAY -> JSON;
            case JSONB_ARRAY -> JSONB;
            case BYTES_ARRAY -> BYTES;
            case NONE, TEXT, JSON, JSONB, NESTED_JSON, BYTES, HEX, OPAQUE -> this;
        };
    }
}
