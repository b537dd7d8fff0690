// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook;

import dev.sluice.approval.config.WebhooksConfig;
import dev.sluice.schemas.config.ConfigException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Reads the receivers' secrets. */
public final class Receivers {
    private Receivers() {}

    /** Fails with a {@link ConfigException} that names the file, never what is in it. */
    public static List<Receiver> of(WebhooksConfig config) {
        return config.endpoints().stream().map(Receivers::of).toList();
    }

    private static Receiver of(WebhooksConfig.Endpoint endpoint) {
        var signatures = new ArrayList<StandardSignature>();
        signatures.add(signature(endpoint.secretFile()));
        if (endpoint.formerSecretFile() != null) {
            signatures.add(signature(endpoint.formerSecretFile()));
        }
        return new Receiver(endpoint.name(), url(endpoint), endpoint.format(), signatures, endpoint.privateAddressesAllowed());
    }

    private static StandardSignature signature(Path file) {
        try {
            return StandardSignature.of(read("webhooks.endpoints.secretFile", file));
        } catch (IllegalArgumentException e) {
            throw new ConfigException("webhooks.endpoints.secretFile: " + file + ": " + e.getMessage());
        }
    }

    private static URI url(WebhooksConfig.Endpoint endpoint) {
        var file = endpoint.urlFile();
        if (file == null) {
            return Objects.requireNonNull(endpoint.url());
        }
        try {
            var url = new URI(read("webhooks.endpoints.urlFile", file));
            WebhooksConfig.Endpoint.checkUrl(endpoint.name(), url, endpoint.privateAddressesAllowed());
            return url;
        } catch (URISyntaxException _) {
            throw new ConfigException("webhooks.endpoints.urlFile: what is in " + file + " is no URL");
        }
    }

    private static String read(String key, Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new ConfigException(key + ": " + file + " cannot be read: " + e.getClass().getSimpleName());
        }
    }
}
