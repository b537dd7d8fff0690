// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that says what it likes. Reads with a deadline of 10 s. */
final class RawClient implements AutoCloseable {
    final Socket socket;

    RawClient(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
    }

    void send(Buffer bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes());
        socket.getOutputStream().flush();
    }

    int read() throws IOException {
        return socket.getInputStream().read();
    }

    /** Everything until the other side closes, as Latin 1. */
    String rest() throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (java.net.SocketException reset) {
            return "";
        }
    }

    /** One whole message, tag first. */
    Buffer message() throws IOException {
        InputStream in = socket.getInputStream();
        Buffer header = Buffer.buffer(in.readNBytes(5));
        if (header.length() < 5) {
            throw new IOException("the connection ended");
        }
        return header.appendBytes(in.readNBytes(header.getInt(1) - 4));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
