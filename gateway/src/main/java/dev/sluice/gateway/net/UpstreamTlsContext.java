// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** TLS towards one target's server. Reading it blocks. */
final class UpstreamTlsContext {
    private final SslContext context;
    private final String host;
    private final int port;

    private UpstreamTlsContext(SslContext context, String host, int port) {
        this.context = context;
        this.host = host;
        this.port = port;
    }

    static UpstreamTlsContext read(Vertx vertx, TargetSettings target) throws Exception {
        UpstreamTls tls = target.tls();
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.2", "TLSv1.3")
                .endpointIdentificationAlgorithm(tls.mode() == UpstreamTls.Mode.VERIFY_FULL ? "HTTPS" : null)
                .applicationProtocolConfig(new ApplicationProtocolConfig(Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT, FrontendTls.APPLICATION_PROTOCOL));
        if (!tls.verifiesChain()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        } else if (tls.rootCertificate() != null) {
            builder.trustManager(TrustedAuthorities.of(tls.rootCertificate()));
        }
        if (tls.client() != null) {
            builder.keyManager(new PemKeyCertOptions()
                    .setCertPath(tls.client().certificate().toString())
                    .setKeyPath(tls.client().key().toString())
                    .getKeyManagerFactory(vertx));
        }
        return new UpstreamTlsContext(builder.build(), target.host(), target.port());
    }

    SslHandler handler(Executor workers, long handshakeMillis) {
        SslHandler handler = context.newHandler(ByteBufAllocator.DEFAULT, host, port, workers);
        handler.setHandshakeTimeoutMillis(handshakeMillis);
        return handler;
    }

    /** For channel binding; null if the server's certificate allows none. */
    static byte @Nullable [] endPointHash(SslHandler handler) {
        try {
            Certificate[] chain = handler.engine().getSession().getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate certificate ? CertificateHash.of(certificate) : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }
}
