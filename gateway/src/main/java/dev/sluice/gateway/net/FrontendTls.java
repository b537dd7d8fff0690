// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.Executor;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS towards clients. The files are looked at every few seconds; connections begin with what was good last, and keep what they began with. */
final class FrontendTls implements AutoCloseable {
    /** The name of the protocol in ALPN (IANA). */
    static final String APPLICATION_PROTOCOL = "postgresql";
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);
    private static final Logger LOGGER = LoggerFactory.getLogger(FrontendTls.class);

    private record Version(FileTime certificate, FileTime key, @Nullable FileTime clientAuthority) {}

    /**
     * @param context with certificate and key
     * @param certificateHash for channel binding; null if the certificate allows none
     */
    record Material(SslContext context, byte @Nullable [] certificateHash) {
        SslHandler handler(Executor workers, Duration handshakeTimeout) {
            SslHandler handler = context.newHandler(ByteBufAllocator.DEFAULT, workers);
            handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
            return handler;
        }
    }

    private record Loaded(Material material, Version version) {}

    private final Vertx vertx;
    private final TlsFiles files;
    private final @Nullable Path clientAuthority;
    private final long timer;
    private volatile Loaded loaded;

    private FrontendTls(Vertx vertx, TlsFiles files, @Nullable Path clientAuthority, Loaded loaded) {
        this.vertx = vertx;
        this.files = files;
        this.clientAuthority = clientAuthority;
        this.loaded = loaded;
        this.timer = vertx.setPeriodic(CHECK_INTERVAL.toMillis(), _ -> vertx.executeBlocking(this::reloadIfChanged));
    }

    /** Reads certificate and key; fails with the name of what is wrong. */
    static Future<FrontendTls> load(Vertx vertx, TlsFiles files, @Nullable Path clientAuthority) {
        return vertx.executeBlocking(() -> new FrontendTls(vertx, files, clientAuthority, read(vertx, files, clientAuthority)));
    }

    /** What a connection that begins now uses. */
    Material current() {
        return loaded.material();
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }

    private boolean reloadIfChanged() {
        try {
            if (version(files, clientAuthority).equals(loaded.version())) {
                return false;
            }
            loaded = read(vertx, files, clientAuthority);
            LOGGER.atInfo().addKeyValue("certificate", files.certificate()).log("TLS certificate reloaded");
            return true;
        } catch (Exception e) {
            // Replacing two files is not atomic, and a broken one must not end the service: the old material stays, the next look tries again.
            LOGGER.atWarn().addKeyValue("certificate", files.certificate()).addKeyValue("reason", e.getMessage()).log("TLS certificate not reloaded, the previous one stays");
            return false;
        }
    }

    private static Loaded read(Vertx vertx, TlsFiles files, @Nullable Path clientAuthority) throws Exception {
        Version version = version(files, clientAuthority);
        KeyManagerFactory keys;
        try {
            keys = new PemKeyCertOptions().setCertPath(files.certificate().toString()).setKeyPath(files.key().toString()).getKeyManagerFactory(vertx);
        } catch (Exception e) {
            throw new IOException("TLS certificate " + files.certificate() + " with key " + files.key() + " cannot be used: " + e.getMessage(), e);
        }
        SslContextBuilder builder = SslContextBuilder.forServer(keys)
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.2", "TLSv1.3")
                // A client that names other protocols only is not a PostgreSQL client: fatal alert, as the server's.
                .applicationProtocolConfig(new ApplicationProtocolConfig(Protocol.ALPN, SelectorFailureBehavior.FATAL_ALERT,
                        SelectedListenerFailureBehavior.ACCEPT, APPLICATION_PROTOCOL));
        if (clientAuthority != null) {
            builder.trustManager(TrustedAuthorities.of(clientAuthority)).clientAuth(ClientAuth.REQUIRE);
        }
        return new Loaded(new Material(builder.build(), CertificateHash.of(certificate(files.certificate()))), version);
    }

    private static Version version(TlsFiles files, @Nullable Path clientAuthority) throws IOException {
        return new Version(Files.getLastModifiedTime(files.certificate()), Files.getLastModifiedTime(files.key()),
                clientAuthority == null ? null : Files.getLastModifiedTime(clientAuthority));
    }

    static X509Certificate certificate(Path file) throws Exception {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
