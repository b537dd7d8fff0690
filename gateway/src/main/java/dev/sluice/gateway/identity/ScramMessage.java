// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.identity;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The comma-separated attributes of a SCRAM message (RFC 5802, section 7), read in order and to the end. Lengths are bounded because
 * either side may be hostile.
 */
final class ScramMessage {
    /** Longest nonce we accept: PostgreSQL sends 24 and echoes the other side's; 256 leaves room for every client known. */
    static final int MAX_NONCE = 256;
    /** Longest message we accept. PostgreSQL's own are some 150 bytes. */
    static final int MAX_MESSAGE = 2048;

    private final List<String> attributes;
    private int next;

    private ScramMessage(List<String> attributes) {
        this.attributes = attributes;
    }

    static ScramMessage read(String text) throws ScramFailure {
        if (text.length() > MAX_MESSAGE) {
            throw ScramFailure.malformed("SCRAM message longer than " + MAX_MESSAGE + " characters");
        }
        List<String> attributes = new ArrayList<>();
        int from = 0;
        while (true) {
            int comma = text.indexOf(',', from);
            if (comma < 0) {
                attributes.add(text.substring(from));
                return new ScramMessage(attributes);
            }
            attributes.add(text.substring(from, comma));
            from = comma + 1;
        }
    }

    /** The value of the next attribute, which must be {@code name}. */
    String value(char name) throws ScramFailure {
        if (next >= attributes.size()) {
            throw ScramFailure.malformed("SCRAM message ends where attribute \"" + name + "\" was expected");
        }
        String attribute = attributes.get(next);
        if (attribute.length() < 2 || attribute.charAt(0) != name || attribute.charAt(1) != '=') {
            throw ScramFailure.malformed("SCRAM attribute \"" + name + "\" was expected");
        }
        next++;
        return attribute.substring(2);
    }

    boolean nextIs(char name) {
        return next < attributes.size() && attributes.get(next).startsWith(name + "=");
    }

    byte[] bytes(char name) throws ScramFailure {
        String value = value(name);
        try {
            return Base64.getDecoder().decode(value);
        } catch (IllegalArgumentException e) {
            throw ScramFailure.malformed("SCRAM attribute \"" + name + "\" is not Base64");
        }
    }

    /** Printable ASCII without comma, as section 7 asks for. */
    String nonce() throws ScramFailure {
        String nonce = value('r');
        boolean printable = nonce.chars().allMatch(c -> c >= 0x21 && c <= 0x7e);
        if (nonce.isEmpty() || nonce.length() > MAX_NONCE || !printable) {
            throw ScramFailure.malformed("SCRAM nonce must be 1 to " + MAX_NONCE + " printable characters");
        }
        return nonce;
    }

    /** Optional extensions, which a reader may ignore, stand at the end. */
    void skipExtensions() throws ScramFailure {
        while (next < attributes.size()) {
            skipExtension();
        }
    }

    void skipExtensionsUntil(char name) throws ScramFailure {
        while (next < attributes.size() && !nextIs(name)) {
            skipExtension();
        }
    }

    /** "m" marks an extension that must be understood. */
    private void skipExtension() throws ScramFailure {
        String attribute = attributes.get(next++);
        if (attribute.length() < 2 || attribute.charAt(1) != '=' || !Character.isLetter(attribute.charAt(0)) || attribute.charAt(0) == 'm') {
            throw ScramFailure.malformed("SCRAM message has an unknown mandatory or malformed attribute");
        }
    }

    void end() throws ScramFailure {
        if (next != attributes.size()) {
            throw ScramFailure.malformed("SCRAM message has more attributes than expected");
        }
    }
}
