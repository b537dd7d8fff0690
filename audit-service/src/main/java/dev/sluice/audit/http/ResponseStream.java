// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * A response as a stream of any length: waits for a client that reads slowly, and fails once the client is gone. What it is given goes out in small pieces,
 * because the event loop compresses each of them and does nothing else meanwhile. For one virtual thread.
 */
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
        int at = offset;
        int left = length;
        while (left > 0) {
            int some = Math.min(left, PIECE - piece.length());
            piece.appendBytes(bytes, at, some);
            at += some;
            left -= some;
            full();
        }
    }

    /** Answers with the whole of {@code body}. */
    static void answer(HttpServerResponse response, byte[] body) {
        if (body.length <= PIECE) {
            response.end(Buffer.buffer(body));
            return;
        }
        var out = new ResponseStream(response.setChunked(true));
        out.bytes(body);
        out.end();
    }

    /** As {@link #write(byte[])}. */
    void bytes(byte[] bytes) {
        try {
            write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #finish}. */
    void end() {
        try {
            finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends what was given so far. Not by {@link #flush}, which writers call on their own: until the first piece is full, a refusal can still be answered. */
    void pass() {
        try {
            sendRest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void sendRest() throws IOException {
        if (piece.length() > 0) {
            send();
        }
    }

    /** Sends what is left. */
    void finish() throws IOException {
        sendRest();
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
