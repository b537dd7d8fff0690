// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The lists that come with this package: one entry a line, lines that begin with # are comments. */
final class ResourceLines {
    private ResourceLines() {}

    static List<String> of(String name) {
        try (InputStream stream = ResourceLines.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the gateway is built without its list " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
