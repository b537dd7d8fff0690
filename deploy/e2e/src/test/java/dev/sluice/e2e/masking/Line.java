// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.masking;

import dev.sluice.e2e.Answers;
import dev.sluice.e2e.Frames;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One connection that plays a script and keeps every message that comes back after its startup. Waits at most 30 s for one. */
final class Line implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final DataInputStream in;
    private final List<byte[]> received = new ArrayList<>();

    private Line(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    }

    /** @param password sent if the server asks for one */
    static Line open(int port, String user, String password, String database) throws IOException {
        var line = new Line(port);
        line.send(List.of(Frames.startup(Frames.VERSION_3_0, user, database)));
        byte[] message = line.next();
        while (message[0] != 'Z') {
            if (message[0] == 'R' && message[8] == 3) {
                byte[] answer = (password + "\0").getBytes(StandardCharsets.UTF_8);
                line.send(List.of(ByteBuffer.allocate(answer.length + 5).put((byte) 'p').putInt(answer.length + 4).put(answer).array()));
            } else if (message[0] == 'E' || message[0] == Answers.CLOSED) {
                throw new IOException("no login: " + Answers.shown(message));
            }
            message = line.next();
        }
        return line;
    }

    /** Everything that came back since the last call. */
    Answers play(Script script, boolean extended) throws IOException {
        received.clear();
        for (Script.Step step : script.steps()) {
            send(extended ? script.extended() : step.frames());
            int left = step.replies();
            while (left > 0) {
                byte[] message = next();
                received.add(message);
                if (message[0] == 'G') {
                    send(script.copyData());
                } else if (message[0] == 'Z') {
                    left--;
                } else if (message[0] == Answers.CLOSED) {
                    return new Answers(List.copyOf(received)).comparable();
                }
            }
        }
        return new Answers(List.copyOf(received)).comparable();
    }

    /** Whether the other side has ended it. */
    boolean isClosed() {
        return !received.isEmpty() && received.getLast()[0] == Answers.CLOSED;
    }

    private void send(List<byte[]> frames) throws IOException {
        socket.getOutputStream().write(Frames.join(frames));
        socket.getOutputStream().flush();
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

    @Override
    public void close() throws IOException {
        try {
            send(List.of(Frames.terminate()));
        } catch (SocketException closed) {
            // The other side has ended it already.
            received.add(new byte[] {Answers.CLOSED});
        }
        socket.close();
    }
}
