// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import java.util.List;

/**
 * Somebody, or some program, that the quick start's provider knows.
 *
 * @param name the {@code sub} of its tokens
 * @param secret a person's password or a program's client secret; never printed by {@code toString}
 * @param groups the {@code groups} claim
 * @param kind a person logs in with the password or device grant, a program with client credentials
 */
public record OidcAccount(String name, String secret, List<String> groups, Kind kind) {
    /** Which grants an account may use. */
    public enum Kind { PERSON, PROGRAM }

    public OidcAccount {
        groups = List.copyOf(groups);
    }

    /** A human who logs in with a password. */
    public static OidcAccount person(String name, String password, String... groups) {
        return new OidcAccount(name, password, List.of(groups), Kind.PERSON);
    }

    /** A program that holds a client secret, an agent for example. */
    public static OidcAccount program(String name, String secret, String... groups) {
        return new OidcAccount(name, secret, List.of(groups), Kind.PROGRAM);
    }

    @Override
    public String toString() {
        return kind + " " + name + " " + groups;
    }
}
