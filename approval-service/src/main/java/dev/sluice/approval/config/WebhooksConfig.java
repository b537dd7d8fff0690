// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.config;

import dev.sluice.schemas.config.ConfigException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is told about approvals, and how hard it is tried.
 *
 * @param approvalUrl where people open an approval, with {@code {id}} in the place of its id; default none, and messages have no link then
 * @param giveUpAfter how long after its event a message is tried, from 1s to 7 days, default 24h
 * @param firstRetry wait after the first failure, default 5s; doubled at each further one, and shortened by chance to no less than half
 * @param longestRetry no wait is longer, default 1h
 * @param timeout how long an attempt may take, from 100ms to 1m, default 10s
 * @param caFile PEM certificates that receivers' certificates are checked against, instead of the platform's; default none
 * @param endpoints the receivers, default none
 */
public record WebhooksConfig(
        @Nullable String approvalUrl,
        @Nullable Duration giveUpAfter,
        @Nullable Duration firstRetry,
        @Nullable Duration longestRetry,
        @Nullable Duration timeout,
        @Nullable Path caFile,
        @Nullable List<Endpoint> endpoints) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(7);
    static final WebhooksConfig DEFAULTS = new WebhooksConfig(null, null, null, null, null, null, null);

    public WebhooksConfig {
        giveUpAfter = giveUpAfter == null ? Duration.ofHours(24) : giveUpAfter;
        firstRetry = firstRetry == null ? Duration.ofSeconds(5) : firstRetry;
        longestRetry = longestRetry == null ? Duration.ofHours(1) : longestRetry;
        timeout = timeout == null ? Duration.ofSeconds(10) : timeout;
        endpoints = endpoints == null ? List.of() : List.copyOf(endpoints);
        check(approvalUrl == null || isLink(approvalUrl), "webhooks.approvalUrl", approvalUrl, "write an http: or https: URL that contains {id}");
        within("webhooks.giveUpAfter", giveUpAfter, Duration.ofSeconds(1), LONGEST);
        within("webhooks.longestRetry", longestRetry, SHORTEST, LONGEST);
        within("webhooks.firstRetry", firstRetry, SHORTEST, longestRetry);
        within("webhooks.timeout", timeout, Duration.ofMillis(100), Duration.ofMinutes(1));
        var names = new HashSet<String>();
        for (var endpoint : endpoints) {
            check(names.add(endpoint.name()), "webhooks.endpoints.name", endpoint.name(), "another endpoint has it already");
        }
    }

    /** What the body of a message is. */
    public enum Format {
        /** JSON with type, timestamp and data, as Standard Webhooks advises. */
        GENERIC,
        /** Slack's Block Kit. */
        SLACK
    }

    /**
     * A receiver.
     *
     * @param name in events and in REST; letters, digits, {@code . _ -}. A receiver under another name is another receiver
     * @param url {@code https:}; {@code http:} only together with {@code privateAddressesAllowed}
     * @param urlFile the file that contains it, for a URL that is itself a secret
     * @param format default generic
     * @param secretFile contains {@code whsec_} and base64 of 24 to 64 bytes, which messages are signed with
     * @param formerSecretFile a second secret to sign with, while the receiver changes from one to the other
     * @param privateAddressesAllowed whether the name may lead to a loopback, private or otherwise special address, default false
     */
    public record Endpoint(
            String name,
            @Nullable URI url,
            @Nullable Path urlFile,
            @Nullable Format format,
            Path secretFile,
            @Nullable Path formerSecretFile,
            @Nullable Boolean privateAddressesAllowed) {
        public Endpoint {
            format = format == null ? Format.GENERIC : format;
            privateAddressesAllowed = privateAddressesAllowed == null ? Boolean.FALSE : privateAddressesAllowed;
            check(name != null && name.matches("[A-Za-z0-9._-]{1,100}"), "webhooks.endpoints.name", name, "use letters, digits and . _ -");
            check((url == null) != (urlFile == null), "webhooks.endpoints.url", url, "give either url or urlFile to '" + name + "'");
            check(secretFile != null, "webhooks.endpoints.secretFile", null, "'" + name + "' needs one, so that it can tell our messages from others");
            if (url != null) {
                checkUrl(name, url, privateAddressesAllowed);
            }
        }

        /** Fails with a {@link ConfigException} that does not repeat the URL, which may be a secret. */
        public static void checkUrl(String name, URI url, boolean privateAddressesAllowed) {
            boolean secure = "https".equalsIgnoreCase(url.getScheme()) || ("http".equalsIgnoreCase(url.getScheme()) && privateAddressesAllowed);
            check(
                    secure && url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null,
                    "webhooks.endpoints.url", "that of '" + name + "'", "it is an https: URL with a host, without user and fragment");
        }
    }

    private static boolean isLink(String text) {
        try {
            var scheme = URI.create(text.replace("{id}", "id")).getScheme();
            return text.contains("{id}") && ("https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static void within(String key, Duration value, Duration least, Duration most) {
        check(value.compareTo(least) >= 0 && value.compareTo(most) <= 0, key, value, "it is from " + least + " to " + most);
    }

    private static void check(boolean holds, String key, @Nullable Object value, String rule) {
        if (!holds) {
            throw new ConfigException(key + ": " + value + " is not possible, " + rule);
        }
    }
}
