// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The values that one written value is made of: the texts, numbers and keys of a json document, the elements of an array in PostgreSQL's text format
 * (manual, 8.15.2) or in its binary one. A text may be a document, an array or neither, whatever its column's type: all are tried.
 */
final class WrittenParts {
    private static final int MAX_NESTING = 3;
    private static final int MAX_DIMENSIONS = 6;
    private static final int ARRAY_HEADER = 12;
    private static final int DIMENSION = 8;

    private final Test test;

    private WrittenParts(Test test) {
        this.test = test;
    }

    /** Looks at a part. */
    @FunctionalInterface
    interface Test {
        /** @param path keys from the outside inwards to a part of a document; null for what is in none */
        boolean test(@Nullable List<String> path, String part);
    }

    /** Whether the test finds the text itself, or a part of it. What is no document or array has no parts, and neither has what is in others three times. */
    static boolean any(String text, Test test) {
        return test.test(null, text) || new WrittenParts(test).anyWithin(text, 0);
    }

    private boolean anyWithin(String text, int nesting) {
        String value = text.strip();
        if (value.isEmpty() || nesting == MAX_NESTING) {
            return false;
        }
        return switch (value.charAt(0)) {
            case '{', '[' -> anyInDocument(value, nesting) || anyInArray(value, nesting);
            case '"' -> anyInDocument(value, nesting);
            default -> false;
        };
    }

    private boolean anyInDocument(String document, int nesting) {
        List<String> path = new ArrayList<>();
        try (JsonParser parser = JsonMasker.JSON.createParser(document)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    path.add("");
                } else if (token == JsonToken.END_OBJECT) {
                    path.removeLast();
                } else if (token == JsonToken.FIELD_NAME) {
                    path.set(path.size() - 1, parser.currentName());
                } else if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT) {
                    String part = parser.getText();
                    if (test.test(path, part) || anyWithin(part, nesting + 1)) {
                        return true;
                    }
                }
            }
            return false;
        } catch (IOException | RuntimeException notOne) {
            return false;
        }
    }

    private boolean anyInArray(String array, int nesting) {
        for (int at = array.indexOf('{'); at >= 0 && at < array.length(); at++) {
            char next = array.charAt(at);
            if ("{},".indexOf(next) < 0) {
                StringBuilder element = new StringBuilder();
                at = element(array, at, element) - 1;
                String part = element.toString();
                if (test.test(null, part) || anyWithin(part, nesting + 1)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Where what follows the element begins. */
    private static int element(String array, int start, StringBuilder element) {
        boolean quoted = false;
        int at = start;
        while (at < array.length() && (quoted || "{},".indexOf(array.charAt(at)) < 0)) {
            char next = array.charAt(at);
            if (next == '"') {
                quoted = !quoted;
            } else if (next == '\\' && at + 1 < array.length()) {
                element.append(array.charAt(++at));
            } else {
                element.append(next);
            }
            at++;
        }
        return at;
    }

    /** Whether an element of an array, as array_recv reads it, passes the test; none does if the bytes are not laid out as one to their end. */
    static boolean anyElement(byte[] value, Predicate<byte[]> test) {
        int first = firstElement(value);
        return first > 0 && isLaidOut(value, first) && anyElement(ByteBuffer.wrap(value).position(first), test);
    }

    /** Where the elements begin behind an array's header; 0 if there is none. */
    private static int firstElement(byte[] value) {
        int dimensions = value.length < ARRAY_HEADER ? 0 : ByteBuffer.wrap(value).getInt(0);
        int header = dimensions < 1 || dimensions > MAX_DIMENSIONS ? 0 : ARRAY_HEADER + DIMENSION * dimensions;
        return header <= value.length ? header : 0;
    }

    private static boolean isLaidOut(byte[] value, int first) {
        ByteBuffer array = ByteBuffer.wrap(value).position(first);
        while (array.remaining() >= Integer.BYTES) {
            int size = array.getInt();
            if (size < -1 || size > array.remaining()) {
                return false;
            }
            array.position(array.position() + Math.max(size, 0));
        }
        return !array.hasRemaining();
    }

    private static boolean anyElement(ByteBuffer array, Predicate<byte[]> test) {
        while (array.hasRemaining()) {
            int size = array.getInt();
            if (size >= 0) {
                byte[] element = new byte[size];
                array.get(element);
                if (test.test(element)) {
                    return true;
                }
            }
        }
        return false;
    }
}
