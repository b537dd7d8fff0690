// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.http;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Something without which the gateway should get no clients.
 *
 * @param name one word, such as {@code kafka}
 * @param problem one sentence while something is wrong, empty while all is well; must not wait and may be called by any thread
 */
public record ReadinessCheck(String name, Supplier<Optional<String>> problem) {}
