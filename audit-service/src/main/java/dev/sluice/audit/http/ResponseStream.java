// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;

/** A response as a stream of any length: waits for a client that reads slowly, and fails once the client is gone. For one virtual thread. */
final class ResponseStream extends OutputStream {
    private static final int PIECE = 64 * 1024;

    private final HttpServerResponse response;
    private Buffer piece = Buffer.buffer(PIECE);

    ResponseStream(HttpServerResponse response) {
        this.response = response;
    }

    @Override
    public void write(int value) throws IOException {
        piece.appendByte((byte) value);
        full();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        piece.appendBytes(bytes, offset, length);
        full();
    }

    /** Sends what is left. */
    void finish() throws IOException {
        send();
        response.end();
    }

    private void full() throws IOException {
        if (piece.length() >= PIECE) {
            send();
        }
    }

    private void send() throws IOException {
        if (response.closed()) {
            throw new IOException("the client is gone");
        }
        Buffer full = piece;
        piece = Buffer.buffer(PIECE);
        response.write(full).await();
    }
}
