// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire.testing;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands between a real client and a real server and writes down what both say. It understands nothing of it. */
public final class Tap implements AutoCloseable {
    private final ServerSocket listener;
    private final int serverPort;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Recording> recordings = new CopyOnWriteArrayList<>();

    private Tap(ServerSocket listener, int serverPort) {
        this.listener = listener;
        this.serverPort = serverPort;
    }

    /** The two directions of one connection. */
    public static final class Recording {
        private final Buffer frontend = Buffer.buffer();
        private final Buffer backend = Buffer.buffer();

        /** A copy of what the client has sent so far. */
        public Buffer frontend() {
            synchronized (frontend) {
                return frontend.copy();
            }
        }

        /** A copy of what the server has sent so far. */
        public Buffer backend() {
            synchronized (backend) {
                return backend.copy();
            }
        }
    }

    /** Listens on a free port of the loopback and connects each client to {@code serverPort} there. */
    public static Tap before(int serverPort) throws IOException {
        Tap tap = new Tap(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), serverPort);
        tap.threads.execute(tap::accept);
        return tap;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** In the order of the connections. */
    public List<Recording> recordings() {
        return List.copyOf(recordings);
    }

    /** Ends the listening and waits for the connections to end: the clients must have closed theirs. */
    @Override
    public void close() throws IOException {
        listener.close();
        threads.close();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                Recording recording = new Recording();
                recordings.add(recording);
                threads.execute(() -> relay(client, server, recording.frontend));
                threads.execute(() -> relay(server, client, recording.backend));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static void relay(Socket from, Socket to, Buffer copy) {
        byte[] chunk = new byte[1 << 16];
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                synchronized (copy) {
                    copy.appendBytes(chunk, 0, read);
                }
                out.write(chunk, 0, read);
            }
        } catch (IOException e) {
            // One side has gone; the try closes the other, which is all that a relay can do about it.
        }
    }
}
