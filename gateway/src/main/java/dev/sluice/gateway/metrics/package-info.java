// SPDX-License-Identifier: Apache-2.0
/**
 * Numbers about the running gateway, in the text format of Prometheus. Counting never waits and may be done by any thread. Imports
 * no sockets; {@code http} serves the text.
 */
@NullMarked
package dev.sluice.gateway.metrics;

import org.jspecify.annotations.NullMarked;
