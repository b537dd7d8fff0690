// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One value of PostgreSQL's node text, as {@link NodeReader} read it. Immutable. */
public sealed interface Node {
    /** {@code <>}: nothing is there. */
    record Nothing() implements Node {}

    /** {@code {NAME :field value …}}. A field that comes twice keeps its last value, as no server writes one twice. */
    record Struct(String name, Map<String, Node> fields) implements Node {
        /** The field, {@link Nothing} where the server did not write one of this name. */
        public Node field(String field) {
            return fields.getOrDefault(field, NOTHING);
        }

        /** The structure in a field; null where there is none. */
        public @Nullable Struct struct(String field) {
            return field(field) instanceof Struct struct ? struct : null;
        }

        /** The elements of a list in a field; empty where there is none. */
        public List<Node> list(String field) {
            return field(field) instanceof Items items ? items.items() : List.of();
        }

        /**
         * A whole number in a field, OIDs as the int of the same 32 bits.
         *
         * @throws UnreadableTree if the field has no such number
         */
        int number(String field) {
            if (field(field) instanceof Token token && token.isNumber()) {
                long value = Long.parseLong(token.text());
                if (value >= Integer.MIN_VALUE && value <= 0xFFFF_FFFFL) {
                    return (int) value;
                }
            }
            throw new UnreadableTree(name, "its field " + field + " is not a number");
        }

        /** Whether a field says {@code true}. */
        boolean flag(String field) {
            return field(field) instanceof Token token && token.text().equals("true");
        }

        /** The text of a field; null where there is none. */
        @Nullable String text(String field) {
            return field(field) instanceof Token token ? token.text() : null;
        }
    }

    /** {@code (a b c)}: a list of nodes. */
    record Items(List<Node> items) implements Node {}

    /** {@code (i 1 2)}, {@code (o 16384)}, {@code (x 3)} or {@code (b 8 9)}: numbers, transaction numbers, OIDs, or members of a set. */
    record Numbers(char kind, List<Long> values) implements Node {}

    /** A number, a name or a text; without its escapes and quotes. {@code quoted} tells a text of a list from a number. */
    record Token(String text, boolean quoted) implements Node {
        private static final int LONGEST_NUMBER = 11;

        boolean isNumber() {
            if (text.isEmpty() || text.length() > LONGEST_NUMBER || text.equals("-")) {
                return false;
            }
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if ((c < '0' || c > '9') && !(i == 0 && c == '-')) {
                    return false;
                }
            }
            return true;
        }
    }

    /** {@code 4 [ 1 0 0 0 ]}: a constant in the server's own memory format; {@code length} is what it says of itself. Its bytes are not kept. */
    record Datum(long length) implements Node {}

    /** The only {@link Nothing}. */
    Nothing NOTHING = new Nothing();
}
