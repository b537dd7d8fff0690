// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Our own cancel keys. A client never sees the server's, so a CancelRequest reaches exactly the session whose key it carries, and the
 * session decides what it means: withdraw a hold, or pass it on to the server.
 */
public final class CancelRegistry {
    /** Key lengths: 3.0 knows 4 bytes only, from 3.2 on it is ours to choose. */
    static final int KEY_BYTES_3_0 = 4;
    static final int KEY_BYTES_3_2 = 32;

    private final Map<Integer, Registration> registrations = new ConcurrentHashMap<>();
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

        /** The process id that the client was told: ours, unique in this gateway. */
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
            registrations.remove(processId, this);
        }

        @Override
        public String toString() {
            return "Registration[processId=" + processId + ", secretKey=***]";
        }
    }

    /** Makes a key for a new session. {@code sessionLoop} runs what {@link Registration#onCancel} sets. */
    Registration register(int minorVersion, Executor sessionLoop) {
        byte[] key = new byte[minorVersion >= 2 ? KEY_BYTES_3_2 : KEY_BYTES_3_0];
        random.nextBytes(key);
        while (true) {
            // Positive as every process id; random, so that it tells nothing about the number of sessions.
            Registration registration = new Registration(random.nextInt(1, Integer.MAX_VALUE), key, sessionLoop);
            if (registrations.putIfAbsent(registration.processId(), registration) == null) {
                return registration;
            }
        }
    }

    /** Cancels if the key is genuine. Takes the same time for a wrong key of the right length, wherever it differs. */
    boolean cancel(int processId, byte[] secretKey) {
        Registration registration = registrations.get(processId);
        if (registration == null || !MessageDigest.isEqual(registration.secretKey, secretKey)) {
            return false;
        }
        registration.sessionLoop.execute(registration.handler);
        return true;
    }

    /** Sessions with a key. */
    public int size() {
        return registrations.size();
    }
}
