// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.config.LimitsConfig;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.config.TargetConfig;
import dev.sluice.gateway.config.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator's configuration says about the network, in this package's terms. */
public final class ConfiguredNetwork {
    private ConfiguredNetwork() {}

    /** The listener's settings. */
    public static ListenerSettings listener(GatewayConfig config) {
        ListenerSettings defaults = ListenerSettings.DEFAULTS;
        LimitsConfig limits = config.limits();
        TlsConfig tls = config.tls();
        return new ListenerSettings(
                config.listen().host(),
                config.listen().port(),
                tls == null ? null : new TlsFiles(tls.certificate(), tls.key()),
                tls == null ? null : tls.clientAuthority(),
                tls != null && tls.required(),
                limits.startup(),
                limits.sessions(),
                defaults.maxUnauthenticated(),
                limits.unauthenticatedPerAddress(),
                defaults.cancelsPerSecond(),
                Math.toIntExact(limits.authenticationMessage().bytes()),
                Math.toIntExact(limits.message().bytes()),
                defaults.eventLoops());
    }

    /** The targets, with passwords read from their files. Blocks. @throws IOException if such a file cannot be read; names it */
    public static List<TargetSettings> targets(GatewayConfig config) throws IOException {
        List<TargetSettings> targets = new ArrayList<>();
        for (TargetConfig target : config.targets()) {
            targets.add(target(target));
        }
        return targets;
    }

    private static TargetSettings target(TargetConfig config) throws IOException {
        UpstreamTls.Mode mode = switch (config.sslMode()) {
            case DISABLE -> UpstreamTls.Mode.DISABLE;
            case PREFER -> UpstreamTls.Mode.PREFER;
            case REQUIRE -> UpstreamTls.Mode.REQUIRE;
            case VERIFY_CA -> UpstreamTls.Mode.VERIFY_CA;
            case VERIFY_FULL -> UpstreamTls.Mode.VERIFY_FULL;
        };
        TlsFiles client = config.clientCertificate() == null || config.clientKey() == null ? null : new TlsFiles(config.clientCertificate(), config.clientKey());
        TargetCredential credential = switch (config.credential()) {
            case PASSTHROUGH -> new TargetCredential.Passthrough(catalog(config));
            case STORED -> stored(config);
        };
        return new TargetSettings(config.name(), config.host(), config.port(), config.database(),
                new UpstreamTls(mode, config.rootCertificate(), client), credential, config.manner(), config.connectTimeout(), config.allowUnknownVersion());
    }

    private static TargetCredential.@Nullable Stored catalog(TargetConfig config) throws IOException {
        String user = config.catalogUser();
        return user == null ? null : new TargetCredential.Stored(user, password(null, config.catalogPasswordFile()));
    }

    private static TargetCredential stored(TargetConfig config) throws IOException {
        String user = config.user();
        if (user == null) {
            throw new IllegalArgumentException("target \"" + config.name() + "\" has a stored credential without user");
        }
        return new TargetCredential.Stored(user, password(config.password(), config.passwordFile()));
    }

    private static @Nullable Secret password(@Nullable Secret given, @Nullable Path file) throws IOException {
        if (file == null) {
            return given;
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new IOException("password file " + file + " cannot be read: " + e.getMessage(), e);
        }
        if (lines.isEmpty() || lines.getFirst().isEmpty()) {
            throw new IOException("password file " + file + " has an empty first line");
        }
        return new Secret(lines.getFirst());
    }
}
