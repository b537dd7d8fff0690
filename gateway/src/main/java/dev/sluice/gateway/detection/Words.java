// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Words that tell what stands near them, in whatever case. */
final class Words {
    private final byte[][] words;
    private final boolean[] beginning = new boolean[256];

    private Words(byte[][] words) {
        this.words = words;
        for (byte[] word : words) {
            int first = word[word[0] == ' ' ? 1 : 0] & 0xFF;
            beginning[first] = true;
            if (Window.isLetter(first)) {
                beginning[first & ~0x20] = true;
            }
        }
    }

    /** In lower case. One that begins with a space is not found at the end of a longer word. */
    static Words of(String... words) {
        return of(List.of(words));
    }

    static Words of(List<String> words) {
        return new Words(words.stream().map(word -> word.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new));
    }

    /** Whether one of them is between the places. */
    boolean in(Window text, int from, int to) {
        int last = Math.min(to, text.end);
        for (int at = Math.max(from, text.start); at < last; at++) {
            if (beginning[text.bytes[at] & 0xFF]) {
                for (byte[] word : words) {
                    int skipped = word[0] == ' ' ? 1 : 0;
                    if (isAt(text, word, skipped, at, last) && (skipped == 0 || !Window.isLetter(text.at(at - 1)))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean isAt(Window text, byte[] word, int skipped, int at, int last) {
        if (last - at < word.length - skipped) {
            return false;
        }
        for (int i = skipped; i < word.length; i++) {
            int given = text.bytes[at + i - skipped];
            if ((Window.isUpper(given) ? given | 0x20 : given) != word[i]) {
                return false;
            }
        }
        return true;
    }
}
