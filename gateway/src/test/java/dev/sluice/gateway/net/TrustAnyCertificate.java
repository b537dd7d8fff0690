// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/** Any certificate: these tests are about what the gateway shows. */
final class TrustAnyCertificate implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
