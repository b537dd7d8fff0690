// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.function.Function;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Trust in the authorities that the JDK knows, said outright: the driver takes none that are not named for a server that must be verified. */
record JdkAuthorities() implements TrustOptions {
    @Override
    public TrustOptions copy() {
        return this;
    }

    @Override
    public TrustManagerFactory getTrustManagerFactory(Vertx vertx) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return factory;
    }

    /** One and the same trust whatever the server's name. */
    @Override
    public Function<String, TrustManager[]> trustManagerMapper(Vertx vertx) throws GeneralSecurityException {
        TrustManager[] managers = getTrustManagerFactory(vertx).getTrustManagers();
        return serverName -> managers;
    }
}
