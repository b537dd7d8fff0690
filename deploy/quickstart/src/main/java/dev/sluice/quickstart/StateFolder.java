// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The folder with everything that a quick start keeps, used by one at a time. Only its owner may enter it. */
final class StateFolder implements AutoCloseable {
    private final Path root;
    private final FileChannel channel;
    private final FileLock lock;
    private final boolean ephemeral;

    private StateFolder(Path root, FileChannel channel, FileLock lock, boolean ephemeral) {
        this.root = root;
        this.channel = channel;
        this.lock = lock;
        this.ephemeral = ephemeral;
    }

    static StateFolder open(Path folder, boolean ephemeral) {
        Path root = folder.toAbsolutePath().normalize();
        try {
            PrivateFile.folder(root);
            FileChannel channel = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException inThisProcess) {
                lock = null;
            }
            if (lock == null) {
                channel.close();
                throw new StartFailure("the state folder " + root + " is in use by another quick start: stop that one, or give this one its own with --state DIR.");
            }
            return new StateFolder(root, channel, lock, ephemeral);
        } catch (IOException failed) {
            throw new StartFailure("the state folder " + root + " cannot be used: " + failed.getMessage(), failed);
        }
    }

    Path root() {
        return root;
    }

    Path resolve(String name) {
        return root.resolve(name);
    }

    /** A secret that is made once and kept, with the file that has it. */
    String secret(String name) {
        Path file = secretFile(name);
        try {
            if (!Files.exists(file)) {
                PrivateFile.write(file, LocalPostgres.randomSecret() + "\n");
            }
            return Files.readString(file).strip();
        } catch (IOException unreadable) {
            throw new StartFailure(file + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    Path secretFile(String name) {
        return root.resolve("secrets").resolve(name);
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
            if (ephemeral) {
                LocalPostgres.deleteTree(root);
            }
        } catch (IOException failed) {
            throw new IllegalStateException("the state folder " + root + " could not be left: " + failed.getMessage(), failed);
        }
    }
}
