// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Open device logins (RFC 8628): a program shows a code, a person enters it in a browser. At most {@value #MAX_OPEN} are open. */
final class DeviceLogins {
    static final String GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code";
    static final String PAGE =
            """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Sluice quick start: log in a device</title>
            <form method="post" action="/device/approve">
            <p><label>Code <input name="user_code" autofocus required></label></p>
            <p><label>User <input name="username" required></label></p>
            <p><label>Password <input name="password" type="password" required></label></p>
            <p><button>Log in</button></p></form></html>
            """;

    private static final int MAX_OPEN = 100;
    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);
    // Without vowels and look-alikes, as RFC 8628, 6.1 advises.
    private static final String ALPHABET = "BCDFGHJKLMNPQRSTVWXZ";

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Login> byDeviceCode = new HashMap<>();

    DeviceLogins(Clock clock) {
        this.clock = clock;
    }

    /** What the device is told. */
    record Login(String deviceCode, String userCode, Instant expiresAt, @Nullable String approvedBy) {
        JsonObject answer(URI issuer) {
            return new JsonObject()
                    .put("device_code", deviceCode)
                    .put("user_code", userCode)
                    .put("verification_uri", issuer + "/device")
                    .put("expires_in", LIFETIME.toSeconds())
                    .put("interval", POLL_INTERVAL.toSeconds());
        }
    }

    /** What came of a device's poll. */
    sealed interface Redeemed {
        record Pending() implements Redeemed {}

        record Expired() implements Redeemed {}

        record Approved(String account) implements Redeemed {}
    }

    /** Empty when too many are open. */
    synchronized Optional<Login> open() {
        Instant now = clock.instant();
        byDeviceCode.values().removeIf(login -> !now.isBefore(login.expiresAt()));
        if (byDeviceCode.size() >= MAX_OPEN) {
            return Optional.empty();
        }
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        StringBuilder userCode = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            userCode.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        userCode.insert(4, '-');
        Login login = new Login(Base64.getUrlEncoder().withoutPadding().encodeToString(secret), userCode.toString(), now.plus(LIFETIME), null);
        byDeviceCode.put(login.deviceCode(), login);
        return Optional.of(login);
    }

    /** False when no open login shows this code. */
    synchronized boolean approve(String userCode, String account) {
        String code = userCode.strip().toUpperCase(Locale.ROOT);
        for (Login login : byDeviceCode.values()) {
            if (login.userCode().equals(code) && clock.instant().isBefore(login.expiresAt())) {
                byDeviceCode.put(login.deviceCode(), new Login(login.deviceCode(), login.userCode(), login.expiresAt(), account));
                return true;
            }
        }
        return false;
    }

    /** An approved code is used up by this. */
    synchronized Redeemed redeem(String deviceCode) {
        Login login = byDeviceCode.get(deviceCode);
        if (login == null || !clock.instant().isBefore(login.expiresAt())) {
            return new Redeemed.Expired();
        }
        if (login.approvedBy() == null) {
            return new Redeemed.Pending();
        }
        byDeviceCode.remove(deviceCode);
        return new Redeemed.Approved(login.approvedBy());
    }
}
