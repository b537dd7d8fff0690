// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A client of a test server that asks for the trees of statements as a gateway does: at Parse, before anything runs. For one thread. */
final class TreeProbe implements AutoCloseable {
    private static final int PROTOCOL_3 = 3 << 16;
    private static final int SECONDS = 30_000;

    /** A column of a RowDescription. */
    record Field(String name, int table, int column) {}

    /** What came back for one statement: the details of its notices, and the columns of its result. */
    record Parsed(List<String> trees, List<Field> fields) {}

    /** The server refused. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    private record Message(char type, byte[] body) {
        Map<Character, String> fields() {
            Map<Character, String> fields = new HashMap<>();
            int at = 0;
            while (body[at] != 0) {
                int end = at + 1;
                while (body[end] != 0) {
                    end++;
                }
                fields.put((char) body[at], new String(body, at + 1, end - at - 1, StandardCharsets.UTF_8));
                at = end + 1;
            }
            return fields;
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    TreeProbe(int port, String user, String database) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(SECONDS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        out = new DataOutputStream(new java.io.BufferedOutputStream(socket.getOutputStream()));
        ByteArrayOutputStream startup = new ByteArrayOutputStream();
        startup.write(text("user", user, "database", database, "client_encoding", "UTF8"));
        startup.write(0);
        out.writeInt(startup.size() + 2 * Integer.BYTES);
        out.writeInt(PROTOCOL_3);
        out.write(startup.toByteArray());
        out.flush();
        untilReady();
        printTrees(true);
    }

    void printTrees(boolean print) throws IOException {
        query("set client_min_messages = log; set debug_pretty_print = off; set debug_print_rewritten = " + (print ? "on" : "off"));
    }

    /** Runs a statement and gives the details of the notices that came with it. */
    List<String> query(String sql) throws IOException {
        send('Q', text(sql));
        out.flush();
        return untilReady().trees();
    }

    /** Has a statement parsed, and its tree and its result described. */
    Parsed parse(String sql) throws IOException {
        ByteArrayOutputStream parse = new ByteArrayOutputStream();
        parse.write(text("", sql));
        parse.write(new byte[2]);
        send('P', parse.toByteArray());
        send('D', new byte[] {'S', 0});
        send('S', new byte[0]);
        out.flush();
        return untilReady();
    }

    private Parsed untilReady() throws IOException {
        List<String> trees = new ArrayList<>();
        List<Field> fields = new ArrayList<>();
        String refusal = null;
        for (Message message = read(); message.type() != 'Z'; message = read()) {
            switch (message.type()) {
                case 'E' -> refusal = message.fields().get('M');
                case 'N' -> {
                    if ("rewritten parse tree:".equals(message.fields().get('M'))) {
                        trees.add(message.fields().get('D'));
                    }
                }
                case 'T' -> fields = fields(message.body());
                default -> {}
            }
        }
        if (refusal != null) {
            throw new Refused(refusal);
        }
        return new Parsed(trees, fields);
    }

    private static List<Field> fields(byte[] body) throws IOException {
        DataInputStream data = new DataInputStream(new java.io.ByteArrayInputStream(body));
        List<Field> fields = new ArrayList<>();
        int count = data.readUnsignedShort();
        for (int i = 0; i < count; i++) {
            ByteArrayOutputStream name = new ByteArrayOutputStream();
            for (int b = data.read(); b > 0; b = data.read()) {
                name.write(b);
            }
            int table = data.readInt();
            int column = data.readShort();
            data.skipNBytes(Integer.BYTES + Short.BYTES + Integer.BYTES + Short.BYTES);
            fields.add(new Field(name.toString(StandardCharsets.UTF_8), table, column));
        }
        return fields;
    }

    private Message read() throws IOException {
        char type = (char) in.readByte();
        return new Message(type, in.readNBytes(in.readInt() - Integer.BYTES));
    }

    private void send(char type, byte[] body) throws IOException {
        out.writeByte(type);
        out.writeInt(body.length + Integer.BYTES);
        out.write(body);
    }

    private static byte[] text(String... words) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String word : words) {
            bytes.write(word.getBytes(StandardCharsets.UTF_8));
            bytes.write(0);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
