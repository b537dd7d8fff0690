// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Our own cancel keys. A client never sees the server's, so a CancelRequest reaches exactly the session whose key it carries, and the
 * session decides what it means: withdraw a hold, or pass it on to the server.
 *
 * <p>The process id beside the key is the server's own: clients compare it with {@code pg_backend_pid()} and with the sender of a
 * notification. Servers behind one gateway may give the same id twice, so it is the key alone that tells their sessions apart.
 */
public final class CancelRegistry {
    /** Key lengths: 3.0 knows 4 bytes only, from 3.2 on it is ours to choose. */
    static final int KEY_BYTES_3_0 = 4;
    static final int KEY_BYTES_3_2 = 32;

    private final Map<Integer, List<Registration>> registrations = new ConcurrentHashMap<>();
    private final SecureRandom random;

    public CancelRegistry(SecureRandom random) {
        this.random = random;
    }

    /** One session's key. */
    public final class Registration implements AutoCloseable {
        private final int processId;
        private final byte[] secretKey;
        private final Executor sessionLoop;
        private volatile Runnable handler = () -> {};

        private Registration(int processId, byte[] secretKey, Executor sessionLoop) {
            this.processId = processId;
            this.secretKey = secretKey;
            this.sessionLoop = sessionLoop;
        }

        /** The process id that the client was told. */
        public int processId() {
            return processId;
        }

        byte[] secretKey() {
            return secretKey.clone();
        }

        /** Sets what a genuine CancelRequest does. It is run on the session's event loop. */
        public void onCancel(Runnable cancel) {
            handler = cancel;
        }

        /** Forgets the key. May be called more than once. */
        @Override
        public void close() {
            registrations.computeIfPresent(processId, (id, same) -> {
                List<Registration> others = same.stream().filter(one -> one != this).toList();
                return others.isEmpty() ? null : others;
            });
        }

        @Override
        public String toString() {
            return "Registration[processId=" + processId + ", secretKey=***]";
        }
    }

    /**
     * Makes a key for a new session. {@code sessionLoop} runs what {@link Registration#onCancel} sets.
     *
     * @param serverProcessId what the server calls its end of the session; 0 if it has not said, then one is made up
     */
    Registration register(int serverProcessId, int minorVersion, Executor sessionLoop) {
        byte[] key = new byte[minorVersion >= 2 ? KEY_BYTES_3_2 : KEY_BYTES_3_0];
        int processId = serverProcessId == 0 ? random.nextInt(1, Integer.MAX_VALUE) : serverProcessId;
        var registration = new Registration(processId, key, sessionLoop);
        registrations.compute(processId, (id, same) -> {
            List<Registration> all = same == null ? new ArrayList<>() : new ArrayList<>(same);
            do {
                random.nextBytes(key);
            } while (all.stream().anyMatch(other -> MessageDigest.isEqual(other.secretKey, key)));
            all.add(registration);
            return List.copyOf(all);
        });
        return registration;
    }

    /** Cancels if the key is genuine. Takes the same time for a wrong key of the right length, wherever it differs. */
    boolean cancel(int processId, byte[] secretKey) {
        Registration genuine = null;
        for (Registration registration : registrations.getOrDefault(processId, List.of())) {
            genuine = MessageDigest.isEqual(registration.secretKey, secretKey) ? registration : genuine;
        }
        if (genuine == null) {
            return false;
        }
        genuine.sessionLoop.execute(genuine.handler);
        return true;
    }

    /** Whether a running session of this gateway has this process of its server. */
    public boolean hasServerProcess(int processId) {
        return registrations.containsKey(processId);
    }

    /** Sessions with a key. */
    public int size() {
        return registrations.values().stream().mapToInt(List::size).sum();
    }
}
