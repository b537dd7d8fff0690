// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.config;

/** The configuration cannot be used. The message names the key, what is wrong with it and, where there is one, the way out. */
public final class ConfigException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public ConfigException(String message) {
        super(message);
    }
}
