// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.util.List;

/** A file, variable or flag that says something we cannot use. The message has one line per problem: place, key, value, way out. */
public final class InvalidConfiguration extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public InvalidConfiguration(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    public InvalidConfiguration(SourcePosition position, String problem) {
        this(List.of(position + ": " + problem));
    }

    /** Every problem found, each with its place, in the order of the source. */
    public List<String> problems() {
        return problems;
    }
}
