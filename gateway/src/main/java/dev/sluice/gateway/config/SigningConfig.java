// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The key that vouches for the record. */
public record SigningConfig(
        @Setting(
                        "File with the private Ed25519 key, as a JWK, that signs the checkpoints of the record. Absent: one is made on the first"
                                + " start and kept in `state`.")
                @Nullable Path key) {}
