// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.Locale;

/**
 * The operator's own regular expression in RE2's syntax: matching takes time in proportion to the text, whatever the expression.
 *
 * @param context words of which one must stand within 48 bytes before the match, in whatever case; empty where the expression is enough
 */
public record TextPattern(Pattern pattern, List<String> context) {
    public TextPattern {
        context = context.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
    }

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException saying what is wrong with it: it is no regular expression, or it matches the empty text
     */
    public static TextPattern of(String expression, List<String> context) {
        try {
            Pattern pattern = Pattern.compile(expression);
            if (pattern.matches("")) {
                throw new IllegalArgumentException("the regular expression matches the empty text");
            }
            return new TextPattern(pattern, context);
        } catch (PatternSyntaxException wrong) {
            throw new IllegalArgumentException("no regular expression of RE2: " + wrong.getDescription() + " in '" + wrong.getPattern() + "'", wrong);
        }
    }
}
