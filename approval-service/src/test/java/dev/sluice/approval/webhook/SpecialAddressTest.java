// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SpecialAddressTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1", "2002:a00:1::1", "2001:db8::1", "::7f00:1", "2001::1"
    })
    void isRefused(String address) throws UnknownHostException {
        assertThat(SpecialAddress.is(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "8.8.8.8", "172.32.0.1", "172.15.0.1", "11.0.0.1", "2606:4700::1111", "64:ff9b::808:808", "2a00:1450::1"})
    void isPublic(String address) throws UnknownHostException {
        assertThat(SpecialAddress.is(InetAddress.getByName(address))).isFalse();
    }
}
