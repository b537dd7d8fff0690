// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

/** How large a text is: its tokens up to the first error, and its deepest nesting of parentheses and brackets. */
record TextMeasure(int tokens, int depth) {
    static TextMeasure of(String sql) {
        SqlScanner scanner = new SqlScanner(sql);
        int tokens = 0;
        int depth = 0;
        int deepest = 0;
        SqlScanner.Kind kind = scanner.next();
        while (kind != SqlScanner.Kind.END && kind != SqlScanner.Kind.ERROR) {
            tokens++;
            char first = sql.charAt(scanner.start());
            if (kind == SqlScanner.Kind.CHARACTER && (first == '(' || first == '[')) {
                depth++;
                deepest = Math.max(deepest, depth);
            } else if (kind == SqlScanner.Kind.CHARACTER && (first == ')' || first == ']')) {
                depth--;
            }
            kind = scanner.next();
        }
        return new TextMeasure(tokens, deepest);
    }
}
