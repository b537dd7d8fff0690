// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.testing;

/**
 * Where the servers of the tests come from; the tests are the same. {@code -Dsluice.servers=containers} starts them with Testcontainers, which needs
 * a Docker engine (or one that speaks its API) and pulls the images; the default {@code embedded} needs neither.
 */
enum Provision {
    EMBEDDED,
    CONTAINERS;

    private static final String SWITCH = "sluice.servers";

    static Provision chosen() {
        String value = System.getProperty(SWITCH, "embedded");
        return switch (value) {
            case "embedded" -> EMBEDDED;
            case "containers" -> CONTAINERS;
            default -> throw new IllegalArgumentException("-D" + SWITCH + " is \"embedded\" or \"containers\", not \"" + value + "\"");
        };
    }
}
