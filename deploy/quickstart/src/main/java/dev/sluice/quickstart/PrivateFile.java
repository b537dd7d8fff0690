// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that only their owner may read: tokens, keys and passwords of the quick start. */
final class PrivateFile {
    private PrivateFile() {}

    /** Replaces the file at once, so that a reader never sees half of it. Missing folders are made, closed to others. */
    static void write(Path file, String content) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                folder(folder);
            }
            boolean posix = Files.getFileStore(folder == null ? Path.of(".") : folder).supportsFileAttributeView("posix");
            FileAttribute<?>[] mode =
                    posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))} : new FileAttribute<?>[0];
            Path draft = Files.createTempFile(folder, "." + file.getFileName(), ".new", mode);
            Files.writeString(draft, content);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write " + file + ": " + failed.getMessage(), failed);
        }
    }

    /** Makes a folder that only its owner may enter, and those above it; one that exists stays as it is. */
    static void folder(Path folder) {
        if (Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.createDirectories(folder);
            if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot make the folder " + folder + ": " + failed.getMessage(), failed);
        }
    }
}
