// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

/**
 * Where a value was written. Lines and columns count from 1; a source without lines (an environment variable, a flag) has line 0.
 *
 * @param source file name, environment variable or command-line flag
 */
public record SourcePosition(String source, int line, int column) {
    /** A place that has a name but no lines. */
    static SourcePosition named(String source) {
        return new SourcePosition(source, 0, 0);
    }

    /** {@code file:line:column}, the form that editors and terminals turn into a link, or the bare name. */
    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
