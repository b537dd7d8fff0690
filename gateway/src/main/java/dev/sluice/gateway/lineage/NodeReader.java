// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads PostgreSQL's text form of its node trees, as {@code debug_print_rewritten} sends them and {@code pg_rewrite} keeps them (outfuncs.c and
 * read.c: {@code {NODE :field value …}}, lists in parentheses, {@code <>} for nothing, a backslash before what would end a token).
 *
 * <p>A message breaks the text into lines of {@value #LINE} bytes, usually where a space was, but in the middle of a token that is longer than
 * a line. Where the two cannot be told apart, which takes a name made of escaped characters, the text is a failure.
 *
 * <p>Reads any text to an end: in time proportional to its length, no deeper than {@value #DEEPEST}, and never with an exception.
 */
public final class NodeReader {
    /** The longest text read, in characters. */
    public static final int LONGEST = 16 * 1024 * 1024;

    /** How deep structures and lists may nest: each operator of an expression takes two. */
    public static final int DEEPEST = 1_200;

    /** Bytes of a line (format_node_dump in print.c). */
    static final int LINE = 78;

    private static final int MOST_BYTES_OF_A_CHARACTER = 3;

    /** What was read. */
    public sealed interface Reading {
        /** The whole text is this node. */
        record Tree(Node node) implements Reading {}

        /**
         * The text is not one whole node.
         *
         * @param position offset in the text, in characters
         */
        record Failure(int position, String reason) implements Reading {}
    }

    /** Ends a reading; never leaves this class. */
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int position;

        Stop(int position, String reason) {
            super(reason, null, false, false);
            this.position = position;
        }
    }

    private final String text;
    private int at;
    private int depth;

    private NodeReader(String text) {
        this.text = text;
    }

    /** Reads one node, usually the list of a statement's queries. */
    public static Reading read(String text) {
        if (text.length() > LONGEST) {
            return new Reading.Failure(LONGEST, "the tree has " + text.length() + " characters, more than " + LONGEST);
        }
        try {
            refuseBrokenTokens(text);
            NodeReader reader = new NodeReader(text);
            Node node = reader.value();
            reader.skipSpace();
            if (reader.at < text.length()) {
                throw reader.stop("something follows the tree");
            }
            return new Reading.Tree(node);
        } catch (Stop stop) {
            return new Reading.Failure(stop.position, String.valueOf(stop.getMessage()));
        }
    }

    /** A line without a space that is as long as lines get may go on in the next one. A backslash before a line's end hides a space or is one with it. */
    private static void refuseBrokenTokens(String text) {
        int start = 0;
        boolean spaced = false;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
            spaced = spaced || text.lastIndexOf(' ', end) > start;
            int bytes = end - start;
            for (int i = start; i < end && !spaced; i++) {
                bytes += text.charAt(i) < 0x80 ? 0 : MOST_BYTES_OF_A_CHARACTER - 1;
            }
            if (!spaced && bytes >= LINE) {
                throw new Stop(end, "a token is as long as a line");
            }
            int backslashes = 0;
            while (end - 1 - backslashes >= start && text.charAt(end - 1 - backslashes) == '\\') {
                backslashes++;
            }
            if (backslashes % 2 == 0) {
                start = end + 1;
                spaced = false;
            }
        }
    }

    private Node value() {
        skipSpace();
        if (at >= text.length()) {
            throw stop("the tree ends where a value should be");
        }
        char c = text.charAt(at);
        if (c != '{' && c != '(') {
            return scalar();
        }
        if (++depth > DEEPEST) {
            throw stop("the tree is deeper than " + DEEPEST);
        }
        at++;
        Node node = c == '{' ? struct() : items();
        depth--;
        return node;
    }

    private Node struct() {
        String name = token();
        Map<String, Node> fields = new LinkedHashMap<>();
        while (true) {
            skipSpace();
            if (at >= text.length()) {
                throw stop("the tree ends within " + name);
            }
            if (text.charAt(at) == '}') {
                at++;
                return new Node.Struct(name, fields);
            }
            if (text.charAt(at) != ':') {
                throw stop("a field should be here in " + name);
            }
            fields.put(token().substring(1), field());
        }
    }

    /** A field's value; a number before an opening bracket is a constant's length. */
    private Node field() {
        Node value = value();
        skipSpace();
        if (at < text.length() && text.charAt(at) == '[' && value instanceof Node.Token length && length.isNumber()) {
            int end = text.indexOf(']', at);
            if (end < 0) {
                throw stop("a constant does not end");
            }
            for (int i = at + 1; i < end; i++) {
                char c = text.charAt(i);
                if ((c < '0' || c > '9') && c != '-' && c != ' ' && c != '\n') {
                    throw stop("a constant is not made of numbers");
                }
            }
            at = end + 1;
            return new Node.Datum(Long.parseLong(length.text()));
        }
        return value;
    }

    private Node items() {
        skipSpace();
        if (at < text.length() && "ioxb".indexOf(text.charAt(at)) >= 0) {
            int before = at;
            String kind = token();
            if (kind.length() == 1) {
                return numbers(kind.charAt(0));
            }
            at = before;
        }
        List<Node> items = new ArrayList<>();
        while (true) {
            skipSpace();
            if (at < text.length() && text.charAt(at) == ')') {
                at++;
                return new Node.Items(items);
            }
            items.add(value());
        }
    }

    private Node numbers(char kind) {
        List<Long> values = new ArrayList<>();
        while (true) {
            skipSpace();
            if (at < text.length() && text.charAt(at) == ')') {
                at++;
                return new Node.Numbers(kind, values);
            }
            int before = at;
            if (!(scalar() instanceof Node.Token token) || !token.isNumber()) {
                at = before;
                throw stop("a list of numbers has something else");
            }
            values.add(Long.parseLong(token.text()));
        }
    }

    private Node scalar() {
        int start = at;
        String token = token();
        if (at - start == 2 && token.equals("<>")) {
            return Node.NOTHING;
        }
        if (token.length() >= 2 && text.charAt(start) == '"' && token.endsWith("\"") && text.charAt(at - 2) != '\\') {
            return new Node.Token(token.substring(1, token.length() - 1), true);
        }
        return new Node.Token(token, false);
    }

    /** The next token without its escapes: it ends before an unescaped space, parenthesis or brace. */
    private String token() {
        skipSpace();
        int start = at;
        StringBuilder token = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\') {
                if (at + 1 >= text.length()) {
                    throw stop("the tree ends within an escape");
                }
                token.append(text.charAt(at + 1));
                at += 2;
            } else if (isSpace(c) || c == '(' || c == ')' || c == '{' || c == '}') {
                break;
            } else {
                token.append(c);
                at++;
            }
        }
        if (at == start) {
            throw stop(at < text.length() ? "a token should be here" : "the tree ends where a token should be");
        }
        return token.toString();
    }

    private void skipSpace() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\t';
    }

    private Stop stop(String reason) {
        return new Stop(at, reason);
    }
}
