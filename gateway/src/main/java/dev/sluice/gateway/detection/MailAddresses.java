// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Addresses of mailboxes: local part, at sign, and a domain name that ends in letters. Quoted local parts and address literals are not looked for. */
final class MailAddresses {
    private static final int MAX_LOCAL = 64;
    private static final int MAX_DOMAIN = 253;
    /** What stands behind a last dot in names of files, and is no domain. */
    private static final List<byte[]> FILES = names(
            "png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "mjs", "json", "html", "pdf", "txt", "tgz", "gz", "xml", "yaml", "yml", "sql");

    private static List<byte[]> names(String... names) {
        return Stream.of(names).map(name -> name.getBytes(StandardCharsets.US_ASCII)).toList();
    }

    private MailAddresses() {}

    /** First place of the local part before this at sign, or -1. */
    static int start(Window text, int at) {
        int start = at;
        while (at - start <= MAX_LOCAL && isLocal(text.at(start - 1))) {
            start--;
        }
        if (text.at(start - 1) == '\\' && start < at) {
            // The letter of an escape, or the letter and its four digits.
            start += text.at(start) == 'u' ? 5 : 1;
        }
        while (start < at && !Window.isAlphanumeric(text.at(start)) && text.at(start) != '_') {
            start++;
        }
        boolean user = text.at(start - 1) == '/' && text.at(start - 2) == '/';
        boolean credentials = user || text.at(start - 1) == ':' && isWithinUrl(text, start - 1);
        return start >= at || at - start > MAX_LOCAL || text.at(at - 1) == '.' || credentials ? -1 : start;
    }

    /** Whether only a user's name is between this place and the slashes of a URL. */
    private static boolean isWithinUrl(Window text, int colon) {
        int at = colon - 1;
        while (colon - at < MAX_LOCAL && isLocal(text.at(at))) {
            at--;
        }
        return text.at(at) == '/' && text.at(at - 1) == '/';
    }

    /** End of the domain behind this at sign, or -1. */
    static int end(Window text, int at) {
        int index = at + 1;
        int label = index;
        int lastDot = -1;
        while (index - at <= MAX_DOMAIN) {
            int next = text.at(index);
            if (next == '.') {
                if (index == label || text.at(index - 1) == '-' || !Window.isAlphanumeric(text.at(index + 1))) {
                    break;
                }
                lastDot = index;
                label = index + 1;
            } else if (!Window.isAlphanumeric(next) && next != '-') {
                break;
            }
            index++;
        }
        boolean topLevel = lastDot > at + 1 && index - label >= 2 && isLetters(text, label, index) && text.at(at + 1) != '-';
        boolean path = text.at(index) == ':' && (Window.isAlphanumeric(text.at(index + 1)) || text.at(index + 1) == '/' || text.at(index + 1) == '~');
        return !topLevel || path || !text.endsAt(index) || isFile(text, label, index) ? -1 : index;
    }

    private static boolean isLetters(Window text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Window.isLetter(text.at(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFile(Window text, int from, int to) {
        for (byte[] word : FILES) {
            if (word.length == to - from && text.startsWith(word, from)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLocal(int value) {
        return Window.isAlphanumeric(value) || value == '.' || value == '_' || value == '%' || value == '+' || value == '-';
    }
}
