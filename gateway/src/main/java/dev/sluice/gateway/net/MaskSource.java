// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.masking.MaskTokens;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What sessions of masked callers need to know of a target. */
public interface MaskSource {
    /** The columns that the rules name, in the catalog as it is now; fails while that is not known. Never blocks. */
    CompletionStage<BoundMasks> bind(String target, String database, MaskRules rules);

    /** As {@link #bind}, but at once: null while it is not known. */
    @Nullable BoundMasks known(String target, String database, MaskRules rules);

    /** Objects of this database may have changed: bindings asked for from now on see it. */
    void changed(String target, String database);

    /** Makes the stand-ins for values of this target. */
    MaskTokens tokens(String target);
}
