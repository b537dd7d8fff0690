// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each mask is to show of a value, by the table in the page on masking, written down apart from the maskers. Values are texts, as PostgreSQL
 * casts them to text in UTC.
 */
final class ShownValues {
    private static final Map<String, Integer> TEXTS = Map.of("text", 1 << 30, "varchar(11)", 11, "varchar(2)", 2, "char(12)", 12, "name", 63, "citext", 1 << 30, "short_text", 6);
    private static final Set<String> EXACT_NUMBERS = Set.of("int2", "int4", "int8", "numeric", "numeric(10,2)");
    private static final Set<String> FLOATS = Set.of("float4", "float8");
    private static final Set<String> DATES = Set.of("date", "timestamp", "timestamptz");
    private static final Set<String> DOCUMENTS = Set.of("json", "jsonb");
    /** Arrays whose elements are masked one by one. */
    private static final Set<String> ELEMENTWISE =
            Set.of("text[]", "varchar(5)[]", "int4[]", "int2[]", "numeric[]", "date[]", "timestamptz[]", "uuid[]", "bytea[]", "short_text[]");

    private static final Map<String, String> REDACTED = redacted();
    private static final String HASH = "[0-9a-f]{32}";

    private ShownValues() {}

    private static Map<String, String> redacted() {
        Map<String, String> redacted = new HashMap<>();
        TEXTS.forEach((type, limit) -> redacted.put(type, "***".substring(0, Math.min(3, limit))));
        redacted.put("\"char\"", "*");
        for (String number : new String[] {"int2", "int4", "int8", "oid", "float4", "float8", "numeric"}) {
            redacted.put(number, "0");
        }
        redacted.put("numeric(10,2)", "0.00");
        redacted.put("bool", "false");
        redacted.put("date", "1970-01-01");
        redacted.put("time", "00:00:00");
        redacted.put("timetz", "00:00:00+00");
        redacted.put("timestamp", "1970-01-01 00:00:00");
        redacted.put("timestamptz", "1970-01-01 00:00:00+00");
        redacted.put("interval", "00:00:00");
        redacted.put("uuid", "00000000-0000-0000-0000-000000000000");
        redacted.put("bytea", "\\x");
        redacted.put("json", "\"***\"");
        redacted.put("jsonb", "\"***\"");
        redacted.put("inet", "0.0.0.0/32");
        redacted.put("cidr", "0.0.0.0/32");
        redacted.put("macaddr", "00:00:00:00:00:00");
        redacted.put("macaddr8", "00:00:00:00:00:00:00:00");
        redacted.put("money", "$0.00");
        redacted.put("bit(5)", "00000");
        redacted.put("bit varying(9)", "");
        redacted.put("bit varying", "");
        redacted.put("xml", "<redacted/>");
        redacted.put("int4range", "empty");
        redacted.put("tstzrange", "empty");
        redacted.put("int4multirange", "{}");
        for (String array : new String[] {"jsonb[]", "box[]", "int4range[]", "mood[]", "pair[]"}) {
            redacted.put(array, "{}");
        }
        ELEMENTWISE.forEach(array -> redacted.put(array, "{}"));
        return redacted;
    }

    /** Whether the mask may show this of a value that is not NULL. */
    static boolean isRight(Mask mask, String type, String value, @Nullable String shown) {
        return switch (mask) {
            case Mask.Nullify() -> shown == null;
            case Mask.Redact() -> Objects.equals(shown, REDACTED.get(type));
            case Mask.Partial partial -> TEXTS.containsKey(type) ? cut(ends(value, partial), type).equals(shown) : elementsOr(type, value, shown, REDACTED.get(type));
            case Mask.Hash() -> hash(type, value, shown);
            case Mask.Tokenize() -> token(type, value, shown);
            case Mask.Generalize generalize -> generalized(generalize, type, value, shown);
            case Mask.WithinJson within -> DOCUMENTS.contains(type) ? document(value, shown) : Objects.equals(shown, REDACTED.get(type));
            case Mask.Deny() -> false;
        };
    }

    private static boolean elementsOr(String type, String value, @Nullable String shown, @Nullable String other) {
        return ELEMENTWISE.contains(type) ? elements(value, shown) : Objects.equals(shown, other);
    }

    /** As many dimensions and elements, and no element as it was. */
    private static boolean elements(String value, @Nullable String shown) {
        return shown != null && (value.equals("{}") ? shown.equals("{}") : !shown.equals(value) && shown.startsWith(value.substring(0, value.indexOf('{') + 1)));
    }

    private static String ends(String value, Mask.Partial partial) {
        int[] points = value.codePoints().toArray();
        if (2 * (partial.keepFirst() + partial.keepLast()) > points.length) {
            return "****";
        }
        return new String(points, 0, partial.keepFirst()) + "****" + new String(points, points.length - partial.keepLast(), partial.keepLast());
    }

    private static String cut(String text, String type) {
        int[] points = text.codePoints().toArray();
        String cut = new String(points, 0, Math.min(points.length, Objects.requireNonNull(TEXTS.get(type))));
        return type.startsWith("char") ? cut.stripTrailing() : cut;
    }

    private static boolean hash(String type, String value, @Nullable String shown) {
        Integer limit = TEXTS.get(type);
        if (limit != null || type.equals("xml")) {
            return shown != null && shown.matches("[0-9a-f]{" + (limit == null ? 32 : Math.min(32, limit)) + "}");
        }
        return switch (type) {
            case "uuid", "bytea" -> bytes(type, value, shown);
            case "json", "jsonb" -> shown != null && shown.matches('"' + HASH + '"');
            default -> elementsOr(type, value, shown, null);
        };
    }

    private static boolean bytes(String type, String value, @Nullable String shown) {
        return shown != null && !shown.equals(value) && shown.replace("-", "").matches((type.equals("bytea") ? "\\\\x" : "") + HASH);
    }

    private static boolean token(String type, String value, @Nullable String shown) {
        if (TEXTS.containsKey(type)) {
            boolean nothingToHide = value.codePoints().filter(Character::isLetterOrDigit).count() < 2;
            return shown != null
                    && (nothingToHide || !shown.equals(value))
                    && (value.contains("@") || shown.codePointCount(0, shown.length()) == value.codePointCount(0, value.length()));
        }
        if (EXACT_NUMBERS.contains(type)) {
            if (value.equals("NaN")) {
                return shown == null;
            }
            BigDecimal number = new BigDecimal(value);
            BigDecimal token = shown == null ? null : new BigDecimal(shown);
            return token != null
                    && token.scale() == number.scale()
                    && token.signum() * number.signum() >= 0
                    && token.precision() <= number.precision()
                    && (number.precision() < 2 || token.compareTo(number) != 0);
        }
        return type.equals("uuid") || type.equals("bytea") ? bytes(type, value, shown) : elementsOr(type, value, shown, null);
    }

    private static boolean generalized(Mask.Generalize mask, String type, String value, @Nullable String shown) {
        if (EXACT_NUMBERS.contains(type) || FLOATS.contains(type)) {
            return mask.bucket() == null ? Objects.equals(shown, REDACTED.get(type)) : inBucket(mask.bucket(), type, value, shown);
        }
        if (DATES.contains(type)) {
            return value.contains("infinity") ? shown == null : mask.to() == null ? Objects.equals(shown, REDACTED.get(type)) : date(mask.to(), type, value, shown);
        }
        // Days have no hours to lose.
        boolean sameDays = type.equals("date[]") && mask.to() == Mask.Precision.HOUR;
        return sameDays ? value.equals(shown) : elementsOr(type, value, shown, REDACTED.get(type));
    }

    private static boolean date(Mask.Precision to, String type, String value, @Nullable String shown) {
        if (shown == null) {
            return false;
        }
        return switch (to) {
            case YEAR -> shown.contains("-01-01") && shown.startsWith(value.substring(0, value.indexOf('-'))) || type.equals("timestamptz") && shown.contains("-01-01");
            case QUARTER -> shown.matches("\\d+-(01|04|07|10)-01.*");
            case MONTH -> shown.matches("\\d+-\\d\\d-01.*");
            case DAY -> shown.startsWith(value.substring(0, value.indexOf(' ') < 0 ? value.length() : value.indexOf(' ')));
            case HOUR -> type.equals("date") ? shown.equals(value) : shown.matches("\\S+ \\d\\d:00:00.*");
        };
    }

    /** The largest multiple that is not above the value; whole numbers lose what is behind the point. */
    private static boolean inBucket(BigDecimal bucket, String type, String value, @Nullable String shown) {
        if (value.equals("NaN") || value.contains("Infinity")) {
            return shown == null;
        }
        BigDecimal number = new BigDecimal(value);
        if (shown == null) {
            // The multiple is beyond what the type can hold.
            return type.startsWith("int") && number.signum() < 0 && number.precision() > 4;
        }
        BigDecimal floor = new BigDecimal(shown);
        BigDecimal lost = number.subtract(floor);
        boolean whole = type.startsWith("int");
        boolean within = FLOATS.contains(type) || lost.signum() >= 0 && lost.compareTo(whole ? bucket.add(BigDecimal.ONE) : bucket) < 0;
        return within && (lost.signum() != 0 || number.remainder(bucket).signum() == 0);
    }

    /** Of the documents that the test has: what the paths lead to has changed, and all else is there. */
    private static boolean document(String value, @Nullable String shown) {
        if (shown == null) {
            return false;
        }
        if (value.contains("123-45-6789")) {
            return !shown.contains("6789")
                    && shown.contains("\"ssn\": \"***\"")
                    && shown.contains("[{\"ssn\": 0}, {\"ssn\": null}, {\"ssn\": null}, {\"ssn\": false}]")
                    && shown.matches("(?s).*\\{\"b\": \"" + HASH + "\", \"c\": 1\\.50}.*");
        }
        return value.contains("ssn") ? shown.contains("\"b\": null") && shown.contains("{\"ssn\":") && !shown.contains("uote") && !shown.contains("[1") : shown.equals(value);
    }
}
