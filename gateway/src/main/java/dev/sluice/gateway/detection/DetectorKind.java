// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What can be found by its looks. */
public enum DetectorKind {
    /** Numbers of payment cards: issuer prefix, length and check digit (ISO/IEC 7812-1). */
    CARD("card"),
    /** Social security numbers of the United States, as the SSA has issued them. */
    SSN("ssn"),
    /** International bank account numbers: length by country and check digits (ISO 13616-1). */
    IBAN("iban"),
    /** Addresses of mailboxes under a domain name. */
    EMAIL("email"),
    /** Telephone numbers: international ones with a plus sign, others where the words around say so. */
    PHONE("phone"),
    /** Addresses of the internet protocol, versions 4 and 6. */
    IP("ip"),
    /** Signed or encrypted JSON web tokens, with a header that names an algorithm (RFC 7519). */
    JWT("jwt"),
    /** Keys of cloud and API providers, by their published prefixes. */
    API_KEY("api-key"),
    /** Private keys in PEM (RFC 7468). */
    PRIVATE_KEY("private-key"),
    /** Random-looking values behind a word such as password or token, and passwords within URLs. */
    SECRET("secret"),
    /** What the operator's own regular expression finds. */
    REGEX("regex");

    private final String word;

    DetectorKind(String word) {
        this.word = word;
    }

    /** How policies and records name it. */
    public String word() {
        return word;
    }

    /** Those that come with the gateway. */
    public static List<DetectorKind> builtIn() {
        return Arrays.stream(values()).filter(kind -> kind != REGEX).toList();
    }

    /** The one that comes with the gateway under this name. */
    public static Optional<DetectorKind> named(String word) {
        return builtIn().stream().filter(kind -> kind.word.equals(word)).findFirst();
    }
}
