// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import java.io.PrintWriter;

/** Shows the story as it goes and counts what was checked. The first check that fails ends it. */
final class DemoScript {
    private final PrintWriter out;
    private int passed;

    DemoScript(PrintWriter out) {
        this.out = out;
    }

    /** Something in the story went otherwise than it must. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message);
        }
    }

    void chapter(String title) {
        line("");
        line("== " + title);
    }

    void says(String who, String what) {
        line(who + "> " + what);
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    void check(String what, boolean holds) {
        if (!holds) {
            throw new Failed(what);
        }
        passed++;
        line("   ok: " + what);
    }

    int passed() {
        return passed;
    }
}
