// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook.http;

import dev.sluice.approval.webhook.Postman;
import dev.sluice.approval.webhook.Receiver;
import dev.sluice.approval.webhook.SpecialAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * HTTP POST with Vert.x. The name is looked up here and the connection goes to the very address that was judged, so that a name which leads
 * elsewhere at the second look-up gains nothing; TLS still proves the name. Redirections are not followed. Of the answer only the status
 * counts, and the connection is closed once it is there.
 */
public final class HttpPostman implements Postman {
    private static final int HTTPS = 443;
    private static final int HTTP = 80;
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final Vertx vertx;
    private final HttpClient client;
    private final Duration timeout;

    /** @param trusted PEM certificates to trust instead of the platform's; null for those */
    public HttpPostman(Vertx vertx, Duration timeout, @Nullable Path trusted) {
        this.vertx = vertx;
        this.timeout = timeout;
        var options = new HttpClientOptions()
                .setVerifyHost(true)
                .setKeepAlive(false)
                .setMaxHeaderSize(16 * 1024)
                .setConnectTimeout((int) timeout.toMillis())
                .setIdleTimeout(Math.max(1, (int) timeout.toSeconds()));
        if (trusted != null) {
            options.setTrustOptions(new PemTrustOptions().addCertPath(trusted.toString()));
        }
        this.client = vertx.createHttpClient(options);
    }

    @Override
    public CompletionStage<Attempt> bring(Receiver receiver, Map<String, String> headers, byte[] body) {
        return vertx.executeBlocking(() -> lookUp(receiver), false)
                .compose(address -> post(receiver.url(), address, headers, body))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.succeededFuture(new Attempt.Failed(reason(failure), false, null)))
                .toCompletionStage();
    }

    private static InetAddress lookUp(Receiver receiver) throws UnknownHostException {
        var addresses = InetAddress.getAllByName(receiver.url().getHost());
        if (!receiver.privateAddressesAllowed()) {
            for (var address : addresses) {
                if (SpecialAddress.is(address)) {
                    throw new Refused("its name leads to " + address.getHostAddress() + ", which is no public address; set privateAddressesAllowed if it is meant");
                }
            }
        }
        return addresses[0];
    }

    private Future<Attempt> post(URI url, InetAddress address, Map<String, String> headers, byte[] body) {
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : secure ? HTTPS : HTTP;
        var path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        var options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                .setHost(url.getHost())
                .setPort(port)
                .setSsl(secure)
                .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
                .setFollowRedirects(false)
                .setTimeout(timeout.toMillis());
        headers.forEach(options::putHeader);
        return client.request(options).compose(request -> request.send(Buffer.buffer(body)).map(response -> {
            var attempt = judge(response);
            request.reset();
            return attempt;
        }));
    }

    private static Attempt judge(HttpClientResponse response) {
        int status = response.statusCode();
        return status >= 200 && status <= 299
                ? new Attempt.Delivered(status)
                : new Attempt.Failed("it answered with status " + status, status == 410, status == 429 || status == 503 ? retryAfter(response) : null);
    }

    /** Only the form in seconds (RFC 9110, 10.2.3); a date is as good as nothing. */
    private static @Nullable Duration retryAfter(HttpClientResponse response) {
        var value = response.getHeader("Retry-After");
        if (value == null || !value.matches("[0-9]{1,9}")) {
            return null;
        }
        var wait = Duration.ofSeconds(Long.parseLong(value));
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    /** Names the kind of trouble, never the URL. */
    private static String reason(Throwable failure) {
        return switch (failure) {
            case Refused refused -> refused.reason;
            case UnknownHostException _ -> "its name cannot be resolved";
            case TimeoutException _ -> "it did not answer in time";
            case SSLException _ -> "TLS failed: its certificate is not trusted, or not for this name";
            case ConnectException _ -> "it cannot be reached";
            default -> "the connection failed: " + failure.getClass().getSimpleName();
        };
    }

    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String reason;

        Refused(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }
    }
}
