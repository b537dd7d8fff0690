// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

/** A name, or one with wildcards: {@code *} stands for any number of characters. */
record NamePattern(String text) {
    boolean matches(String name) {
        return text.equals("*") || matches(0, name, 0);
    }

    boolean isExact() {
        return text.indexOf('*') < 0;
    }

    /** Greedy with one point of return, so its time is bounded by the product of the lengths. */
    private boolean matches(int from, String name, int start) {
        int pattern = from;
        int at = start;
        int star = -1;
        int resume = 0;
        while (at < name.length()) {
            if (pattern < text.length() && text.charAt(pattern) == '*') {
                star = pattern++;
                resume = at;
            } else if (pattern < text.length() && text.charAt(pattern) == name.charAt(at)) {
                pattern++;
                at++;
            } else if (star >= 0) {
                pattern = star + 1;
                at = ++resume;
            } else {
                return false;
            }
        }
        while (pattern < text.length() && text.charAt(pattern) == '*') {
            pattern++;
        }
        return pattern == text.length();
    }
}
