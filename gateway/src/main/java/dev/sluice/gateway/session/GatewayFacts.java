// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.hold.WaitingStatement;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a session may tell its client of the gateway.
 *
 * @param source the name under which it writes its records
 * @param waiting what the session's caller waits for on the session's target
 */
public record GatewayFacts(String source, Supplier<List<WaitingStatement>> waiting) {}
