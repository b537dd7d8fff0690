// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Frontend messages as bytes, after PostgreSQL's manual, "Message Formats". Written apart from the gateway's own encoders on purpose. */
public final class Frames {
    /** Protocol 3.0. */
    public static final int VERSION_3_0 = 3 << 16;

    /** Protocol 3.2, with longer cancel keys. */
    public static final int VERSION_3_2 = (3 << 16) | 2;

    private Frames() {}

    private interface Body {
        void writeTo(DataOutputStream out) throws IOException;
    }

    public static byte[] startup(int version, String user, String database) {
        byte[] body = bytes(out -> {
            out.writeInt(version);
            string(out, "user");
            string(out, user);
            string(out, "database");
            string(out, database);
            string(out, "application_name");
            string(out, "sluice-e2e");
            out.writeByte(0);
        });
        return bytes(out -> {
            out.writeInt(body.length + 4);
            out.write(body);
        });
    }

    public static byte[] query(String sql) {
        return message('Q', out -> string(out, sql));
    }

    public static byte[] parse(String name, String sql, int... parameterTypes) {
        return message('P', out -> {
            string(out, name);
            string(out, sql);
            out.writeShort(parameterTypes.length);
            for (int type : parameterTypes) {
                out.writeInt(type);
            }
        });
    }

    /** Parameters as text; {@code resultFormat} 0 for text, 1 for binary. */
    public static byte[] bind(String portal, String statement, List<@Nullable String> parameters, int resultFormat) {
        return message('B', out -> {
            string(out, portal);
            string(out, statement);
            out.writeShort(0);
            out.writeShort(parameters.size());
            for (String parameter : parameters) {
                if (parameter == null) {
                    out.writeInt(-1);
                } else {
                    byte[] value = parameter.getBytes(StandardCharsets.UTF_8);
                    out.writeInt(value.length);
                    out.write(value);
                }
            }
            out.writeShort(1);
            out.writeShort(resultFormat);
        });
    }

    public static byte[] describeStatement(String name) {
        return message('D', out -> named(out, 'S', name));
    }

    public static byte[] describePortal(String name) {
        return message('D', out -> named(out, 'P', name));
    }

    public static byte[] closeStatement(String name) {
        return message('C', out -> named(out, 'S', name));
    }

    public static byte[] closePortal(String name) {
        return message('C', out -> named(out, 'P', name));
    }

    /** {@code maxRows} 0 for all. */
    public static byte[] execute(String portal, int maxRows) {
        return message('E', out -> {
            string(out, portal);
            out.writeInt(maxRows);
        });
    }

    public static byte[] flush() {
        return message('H', out -> {});
    }

    public static byte[] sync() {
        return message('S', out -> {});
    }

    public static byte[] terminate() {
        return message('X', out -> {});
    }

    public static byte[] copyData(byte[] data) {
        return message('d', out -> out.write(data));
    }

    public static byte[] copyDone() {
        return message('c', out -> {});
    }

    public static byte[] copyFail(String reason) {
        return message('f', out -> string(out, reason));
    }

    public static byte[] join(List<byte[]> parts) {
        return bytes(out -> {
            for (byte[] part : parts) {
                out.write(part);
            }
        });
    }

    private static byte[] message(char tag, Body body) {
        byte[] content = bytes(body);
        return bytes(out -> {
            out.writeByte(tag);
            out.writeInt(content.length + 4);
            out.write(content);
        });
    }

    private static byte[] bytes(Body body) {
        var bytes = new ByteArrayOutputStream();
        try {
            body.writeTo(new DataOutputStream(bytes));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void named(DataOutputStream out, char kind, String name) throws IOException {
        out.writeByte(kind);
        string(out, name);
    }

    private static void string(DataOutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.writeByte(0);
    }
}
