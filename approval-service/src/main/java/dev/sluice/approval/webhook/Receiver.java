// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook;

import dev.sluice.approval.config.WebhooksConfig.Format;
import java.net.URI;
import java.util.List;

/**
 * A configured endpoint with its secrets read.
 *
 * @param url may be a secret itself, so it is not printed
 * @param signatures one per secret: the receiver accepts a message if one of them is right
 */
public record Receiver(String name, URI url, Format format, List<StandardSignature> signatures, boolean privateAddressesAllowed) {
    public Receiver {
        signatures = List.copyOf(signatures);
    }

    @Override
    public String toString() {
        return "Receiver[" + name + ", ***]";
    }
}
