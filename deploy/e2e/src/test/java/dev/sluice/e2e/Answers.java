// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a server sent, message by message. Two sessions of one server differ in nothing but process ids, cancel keys and the OIDs of what
 * they created; {@link #comparable} makes these equal and keeps every other byte.
 */
public record Answers(List<byte[]> messages) {
    /** Stands in place of a tag when the connection has ended. */
    public static final byte CLOSED = '!';

    private static final int FIRST_USER_OID = 16_384;
    private static final int SHOWN = 300;
    private static final int CONTEXT = 6;

    /** The same messages, with what must differ between two sessions replaced. */
    public Answers comparable() {
        Map<Integer, Integer> oids = new HashMap<>();
        return new Answers(messages.stream().map(message -> comparable(message, oids)).toList());
    }

    private static byte[] comparable(byte[] message, Map<Integer, Integer> oids) {
        return switch (message[0]) {
            case 'A', 'K' -> withoutIdentity(message);
            case 'T' -> withoutOids(message, oids);
            case 't' -> withoutTypes(message, oids);
            default -> message;
        };
    }

    /** The process id, and for BackendKeyData the key behind it: 4 bytes here and 4 there, up to 256 with protocol 3.2. */
    private static byte[] withoutIdentity(byte[] message) {
        byte[] masked = message.clone();
        Arrays.fill(masked, 5, message[0] == 'A' ? 9 : message.length, (byte) 0);
        return masked;
    }

    private static byte[] withoutOids(byte[] message, Map<Integer, Integer> oids) {
        ByteBuffer fields = ByteBuffer.wrap(message.clone());
        fields.position(5);
        int count = fields.getShort();
        for (int field = 0; field < count; field++) {
            while (fields.get() != 0) {
                continue;
            }
            replace(fields, oids);
            fields.getShort();
            replace(fields, oids);
            fields.position(fields.position() + 8);
        }
        return fields.array();
    }

    private static byte[] withoutTypes(byte[] message, Map<Integer, Integer> oids) {
        ByteBuffer types = ByteBuffer.wrap(message.clone());
        types.position(5);
        int count = types.getShort();
        for (int type = 0; type < count; type++) {
            replace(types, oids);
        }
        return types.array();
    }

    /** An OID that the server gave out lately becomes the order in which it was first seen. */
    private static void replace(ByteBuffer bytes, Map<Integer, Integer> oids) {
        int position = bytes.position();
        int oid = bytes.getInt();
        if (oid >= FIRST_USER_OID) {
            bytes.putInt(position, -oids.computeIfAbsent(oid, unseen -> oids.size() + 1));
        }
    }

    public boolean sameAs(Answers other) {
        return firstDifference(other) < 0;
    }

    /**
     * Equal, or the same error without the place in PostgreSQL's source where it was raised: a text that is not SQL is answered by the
     * gateway when it enforces, and it has no such place.
     */
    private static boolean same(byte[] direct, byte[] through) {
        if (direct[0] != 'E' || Arrays.equals(direct, through)) {
            return Arrays.equals(direct, through);
        }
        List<String> fields = fields(through);
        return through[0] == 'E'
                && fields.stream().noneMatch(Answers::isSource)
                && fields.equals(fields(direct).stream().filter(field -> !isSource(field)).toList());
    }

    private static boolean isSource(String field) {
        return field.startsWith("F") || field.startsWith("L") || field.startsWith("R");
    }

    /** The fields of an ErrorResponse, each with its code in front. */
    private static List<String> fields(byte[] error) {
        return List.of(new String(error, 5, error.length - 5, StandardCharsets.UTF_8).split("\0"));
    }

    private int firstDifference(Answers other) {
        int common = Math.min(messages.size(), other.messages.size());
        for (int i = 0; i < common; i++) {
            if (!same(messages.get(i), other.messages.get(i))) {
                return i;
            }
        }
        return messages.size() == other.messages.size() ? -1 : common;
    }

    /** The first difference with what came just before it, for a person to read. */
    public String difference(Answers through) {
        int first = firstDifference(through);
        if (first < 0) {
            return "no difference";
        }
        var text = new StringBuilder("first difference at message " + first + " of " + messages.size() + " direct, " + through.messages.size() + " through\n");
        for (int i = Math.max(0, first - CONTEXT); i < first; i++) {
            text.append("     both ").append(shown(messages.get(i))).append('\n');
        }
        for (int i = first; i < Math.min(messages.size(), first + CONTEXT); i++) {
            text.append("   direct ").append(shown(messages.get(i))).append('\n');
        }
        for (int i = first; i < Math.min(through.messages.size(), first + CONTEXT); i++) {
            text.append("  through ").append(shown(through.messages.get(i))).append('\n');
        }
        return text.toString();
    }

    public static String shown(byte[] message) {
        if (message[0] == CLOSED) {
            return "(the connection was closed)";
        }
        var text = new StringBuilder().append((char) message[0]).append(' ').append(message.length - 1).append(' ');
        int end = Math.min(message.length, SHOWN);
        for (byte each : Arrays.copyOfRange(message, Math.min(5, message.length), end)) {
            if (each >= ' ' && each < 127) {
                text.append((char) each);
            } else {
                text.append('\\').append(String.format("%02x", each));
            }
        }
        return end < message.length ? text + "…" : text.toString();
    }

    /** Whether this message is a DataRow whose bytes have this text in them. */
    static boolean isRowWith(byte[] message, String text) {
        return message[0] == 'D' && new String(message, StandardCharsets.ISO_8859_1).contains(text);
    }
}
