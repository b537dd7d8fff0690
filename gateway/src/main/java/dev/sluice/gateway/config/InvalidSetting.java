// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

/** Thrown by the compact constructor of a configuration record: which of its keys is wrong, and how. */
public final class InvalidSetting extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String key;

    InvalidSetting(String key, String problem) {
        super(key + " " + problem);
        this.key = key;
    }

    /** The key, relative to the record that refused it. */
    String key() {
        return key;
    }
}
