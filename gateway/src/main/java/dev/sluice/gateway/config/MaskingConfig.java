// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What masked values are replaced with. */
public record MaskingConfig(
        @Setting(
                        "File with 64 hexadecimal digits: the secret by which the masks `hash` and `tokenize` make their stand-ins. Gateways of one cluster"
                                + " must share it, else the same value looks different through each, and tickets for texts with hidden secrets are known to one of"
                                + " them only. Absent: one is made on the first start and kept in `state`.")
                @Nullable Path key) {}
