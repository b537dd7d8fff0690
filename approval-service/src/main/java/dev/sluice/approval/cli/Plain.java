// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.cli;

import dev.sluice.approval.display.VisibleText;

/** Text for a terminal: what others chose must not move the cursor, change colours, or hide. */
final class Plain {
    private Plain() {}

    /** Line breaks stay, and so do the escapes of what the service has escaped already. */
    static String text(String any) {
        var visible = VisibleText.of(any);
        return visible.escapedCount() == 0 ? any : visible.text();
    }

    /** On one line. */
    static String line(String any) {
        return text(any.replaceAll("\\s+", " "));
    }
}
