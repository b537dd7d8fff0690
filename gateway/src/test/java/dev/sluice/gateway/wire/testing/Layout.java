// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire.testing;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.StringJoiner;

/** The body of a message as a sequence of fields, readable and writable as the tokens of a script line. */
record Layout(List<Field> fields) {
    /** The body does not have this layout. */
    static final class Misfit extends RuntimeException {
        Misfit(String message) {
            super(message);
        }
    }

    sealed interface Field {
        /** "text": zero-terminated. */
        record Text() implements Field {}

        /** One byte shown as a character. */
        record Letter() implements Field {}

        /** A signed number of 1, 2 or 4 bytes. */
        record Number(int bytes) implements Field {}

        /** 'bytes' after an int32 length, or NULL for -1. */
        record Value() implements Field {}

        /** 'bytes' up to the end of the message. */
        record Rest() implements Field {}

        /** A number, then the group that many times. */
        record Counted(int bytes, Layout group) implements Field {}

        /** The group again and again, then a zero byte. */
        record UntilZero(Layout group) implements Field {}

        /** A number that belongs to the message's name and is not shown. */
        record Fixed(int value) implements Field {}
    }

    static Layout of(Field... fields) {
        return new Layout(List.of(fields));
    }

    void write(Tokens tokens, Bytes out) {
        for (Field field : fields) {
            switch (field) {
                case Field.Text text -> out.raw(tokens.next(Tokens.Form.DOUBLE_QUOTED)).int8(0);
                case Field.Letter letter -> out.raw(tokens.next(Tokens.Form.BARE));
                case Field.Number number -> writeNumber(number.bytes(), tokens.nextInt(), out);
                case Field.Value value -> writeValue(tokens, out);
                case Field.Rest rest -> out.raw(tokens.atEnd() ? new byte[0] : tokens.next(Tokens.Form.SINGLE_QUOTED));
                case Field.Counted counted -> {
                    int count = tokens.nextInt();
                    writeNumber(counted.bytes(), count, out);
                    for (int i = 0; i < count; i++) {
                        counted.group().write(tokens, out);
                    }
                }
                case Field.UntilZero untilZero -> {
                    while (!tokens.atEnd()) {
                        untilZero.group().write(tokens, out);
                    }
                    out.int8(0);
                }
                case Field.Fixed fixed -> out.int32(fixed.value());
            }
        }
    }

    private static void writeNumber(int bytes, int value, Bytes out) {
        switch (bytes) {
            case 1 -> out.int8(value);
            case 2 -> out.int16(value);
            default -> out.int32(value);
        }
    }

    private static void writeValue(Tokens tokens, Bytes out) {
        if (tokens.skip("NULL")) {
            out.int32(-1);
        } else {
            byte[] value = tokens.next(Tokens.Form.SINGLE_QUOTED);
            out.int32(value.length).raw(value);
        }
    }

    /** The tokens of a whole body; {@link Misfit} when it has another layout. */
    String describe(byte[] body) {
        ByteBuffer in = ByteBuffer.wrap(body);
        StringJoiner line = new StringJoiner(" ");
        try {
            read(in, line);
        } catch (BufferUnderflowException e) {
            throw new Misfit("too short");
        }
        if (in.hasRemaining()) {
            throw new Misfit("too long");
        }
        return line.toString();
    }

    private void read(ByteBuffer in, StringJoiner line) {
        for (Field field : fields) {
            switch (field) {
                case Field.Text text -> line.add(Tokens.quote('"', terminated(in)));
                case Field.Letter letter -> line.add(Tokens.escape(' ', new byte[] {in.get()}));
                case Field.Number number -> line.add(Integer.toString(number(in, number.bytes())));
                case Field.Value value -> {
                    int length = in.getInt();
                    line.add(length == -1 ? "NULL" : Tokens.quote('\'', take(in, length)));
                }
                case Field.Rest rest -> {
                    if (in.hasRemaining()) {
                        line.add(Tokens.quote('\'', take(in, in.remaining())));
                    }
                }
                case Field.Counted counted -> {
                    int count = number(in, counted.bytes());
                    line.add(Integer.toString(count));
                    for (int i = 0; i < count; i++) {
                        counted.group().read(in, line);
                    }
                }
                case Field.UntilZero untilZero -> {
                    while (in.get(in.position()) != 0) {
                        untilZero.group().read(in, line);
                    }
                    in.get();
                }
                case Field.Fixed fixed -> {
                    if (in.getInt() != fixed.value()) {
                        throw new Misfit("another number than " + fixed.value());
                    }
                }
            }
        }
    }

    private static int number(ByteBuffer in, int bytes) {
        return switch (bytes) {
            case 1 -> in.get();
            case 2 -> in.getShort();
            default -> in.getInt();
        };
    }

    private static byte[] terminated(ByteBuffer in) {
        int from = in.position();
        while (in.get() != 0) {}
        byte[] bytes = new byte[in.position() - 1 - from];
        in.get(from, bytes);
        return bytes;
    }

    private static byte[] take(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new Misfit("a value of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
