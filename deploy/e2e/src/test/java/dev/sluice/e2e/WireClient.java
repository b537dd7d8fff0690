// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A client that sends any bytes and keeps every message that comes back, as it came. Waits at most 30 s for one. */
final class WireClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final DataInputStream in;
    private final List<byte[]> received = new ArrayList<>();

    /** Connects and logs in; the messages of the startup are among what was received. */
    WireClient(int port) throws IOException {
        this(port, Frames.VERSION_3_0);
    }

    WireClient(int port, int version) throws IOException {
        this(port, Frames.startup(version, Servers.USER, Servers.DATABASE));
    }

    /** Connects, and begins with these bytes. */
    WireClient(int port, byte[] beginning) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        send(beginning);
        readUntil(message -> message[0] == 'Z');
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    void send(List<byte[]> frames) throws IOException {
        send(Frames.join(frames));
    }

    /** Reads messages up to and with the first that matches, which is returned. A closed connection is a message of its own. */
    byte[] readUntil(Predicate<byte[]> last) throws IOException {
        byte[] message;
        do {
            message = next();
            received.add(message);
        } while (!last.test(message) && message[0] != Answers.CLOSED);
        return message;
    }

    private byte[] next() throws IOException {
        try {
            byte tag = in.readByte();
            int length = in.readInt();
            ByteBuffer message = ByteBuffer.allocate(length + 1).put(tag).putInt(length);
            in.readFully(message.array(), 5, length - 4);
            return message.array();
        } catch (EOFException | SocketException closed) {
            return new byte[] {Answers.CLOSED};
        }
    }

    /** Everything received so far, or since this was last called. */
    Answers take() {
        var taken = new Answers(List.copyOf(received));
        received.clear();
        return taken;
    }

    DataInputStream in() {
        return in;
    }

    /** Says goodbye, unless the other side has closed already. */
    void terminate() throws IOException {
        try {
            send(Frames.terminate());
        } catch (SocketException closed) {
            // Whether the end was noticed while reading is what counts.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
