// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.Column;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Masks single values that are at hand as PostgreSQL writes them in text. */
public final class MaskedText {
    private final CellMaskers maskers;

    public MaskedText(BoundMasks masks, MaskTokens tokens) {
        this.maskers = new CellMaskers(masks.catalog(), tokens);
    }

    /** What is shown of the value under the column's mask; null where nothing is. Never the value itself, whatever goes wrong. */
    public @Nullable String shown(BoundMask mask, Column column, String value) {
        if (mask.mask() instanceof Mask.Deny) {
            return null;
        }
        Buffer bytes = Buffer.buffer(value);
        byte[] shown;
        try {
            shown = maskers.of(mask.mask(), column.typeOid(), column.typeModifier(), Format.TEXT).mask(bytes, 0, bytes.length());
        } catch (RuntimeException unmaskable) {
            return null;
        }
        return shown == null ? null : new String(shown, StandardCharsets.UTF_8);
    }
}
