// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.masking;

import dev.sluice.e2e.Answers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the gateway has changed in an answer: masked cells, and words of errors near masked columns, are to be changed; nothing else is. */
final class Comparison {
    private static final String SCRUBBED = "HDetails are left out because the statement uses masked columns.";

    private Comparison() {}

    /** Whether the gateway itself has refused a part of it: an error where PostgreSQL had none. */
    static boolean refused(Answers direct, Answers through) {
        return errors(through).size() > errors(direct).size();
    }

    /** Null if nothing differs that should not. */
    static @Nullable String difference(Answers direct, Answers through, Set<Integer> masked, Set<Integer> hidden) {
        if (direct.messages().size() != through.messages().size()) {
            return direct.difference(through);
        }
        List<Integer> tables = List.of();
        for (int i = 0; i < direct.messages().size(); i++) {
            byte[] one = direct.messages().get(i);
            byte[] other = through.messages().get(i);
            if (one[0] == 'T') {
                tables = tables(one);
            }
            boolean same = switch (one[0]) {
                case 'D' -> other[0] == 'D' && sameCells(one, other, masked, hidden, tables);
                case 'E', 'N' -> Arrays.equals(one, other) || other[0] == one[0] && sameState(one, other);
                default -> Arrays.equals(one, other);
            };
            if (!same) {
                return direct.difference(through);
            }
        }
        return null;
    }

    private static boolean sameCells(byte[] direct, byte[] through, Set<Integer> masked, Set<Integer> hidden, List<Integer> tables) {
        List<byte @Nullable []> some = cells(direct);
        List<byte @Nullable []> others = cells(through);
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            boolean computed = i >= tables.size() || tables.get(i) == 0 || hidden.contains(i + 1);
            boolean asExpected = masked.contains(i + 1) ? isMasked(some.get(i), others.get(i), computed) : Arrays.equals(some.get(i), others.get(i));
            if (!asExpected) {
                return false;
            }
        }
        return true;
    }

    /** Something else is shown for every value. NULL of a column stays NULL; that of an expression may be hidden. */
    private static boolean isMasked(byte @Nullable [] direct, byte @Nullable [] through, boolean computed) {
        return direct == null ? computed || through == null : !Arrays.equals(direct, through);
    }

    /** Of a RowDescription, by column: the table's OID, 0 for an expression. */
    private static List<Integer> tables(byte[] description) {
        List<Integer> tables = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(description).position(5);
        for (int left = bytes.getShort(); left > 0; left--) {
            while (bytes.get() != 0) {
                continue;
            }
            tables.add(bytes.getInt());
            bytes.position(bytes.position() + 14);
        }
        return tables;
    }

    private static List<byte @Nullable []> cells(byte[] row) {
        List<byte @Nullable []> cells = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(row).position(5);
        for (int left = bytes.getShort(); left > 0; left--) {
            int length = bytes.getInt();
            byte[] cell = length < 0 ? null : new byte[length];
            if (cell != null) {
                bytes.get(cell);
            }
            cells.add(cell);
        }
        return cells;
    }

    /** The same SQLSTATE; the words may be left out. */
    private static boolean sameState(byte[] direct, byte[] through) {
        List<String> fields = fields(through);
        return fields.contains(SCRUBBED) && fields(direct).stream().filter(field -> field.startsWith("C")).allMatch(fields::contains);
    }

    private static List<String> fields(byte[] message) {
        return List.of(new String(message, 5, message.length - 5, StandardCharsets.UTF_8).split("\0"));
    }

    /** In its own words. */
    static List<String> errors(Answers answers) {
        return answers.messages().stream().filter(message -> message[0] == 'E').map(Answers::shown).toList();
    }
}
