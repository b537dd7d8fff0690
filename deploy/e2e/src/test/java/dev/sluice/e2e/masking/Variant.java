// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.masking;

import java.util.List;
import java.util.Map;

/**
 * The same rows with different secrets. Whoever can tell the two apart has learnt something of a masked column, whether or not a value was
 * shown. What masks leave visible, such as the end of a card number, is equal in both.
 */
enum Variant {
    A(Map.of(
            "ssn", "912-84-7735",
            "card", "4929318877210042",
            "salary", "918273645546.37",
            "born", "1971-03-19",
            "jssn", "QZKANARYALPHA7731",
            "code", "zebrafinch90817",
            "note", "kestrelnote8841",
            "photo", "deadc0de11aa77ff",
            "pin", "pinsecret4417")),
    B(Map.of(
            "ssn", "376-51-4462",
            "card", "5217604491380042",
            "salary", "102938475610.73",
            "born", "1994-11-27",
            "jssn", "WXKOLIBRIBETA2648",
            "code", "graypartridge37",
            "note", "ospreynotes3395",
            "photo", "beefcafe22bb66ee",
            "pin", "pinsecret9926"));

    private final Map<String, String> secrets;

    Variant(Map<String, String> secrets) {
        this.secrets = secrets;
    }

    /** What must not be seen. */
    List<String> secrets() {
        return List.copyOf(secrets.values());
    }

    /** The text with {@code @name@} replaced by this variant's secrets. */
    String fill(String text) {
        String filled = text;
        for (Map.Entry<String, String> secret : secrets.entrySet()) {
            filled = filled.replace("@" + secret.getKey() + "@", secret.getValue());
        }
        return filled;
    }
}
