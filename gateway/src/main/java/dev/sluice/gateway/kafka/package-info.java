// SPDX-License-Identifier: Apache-2.0
/** Recording what sessions do, and reading verdicts. The only package of the gateway that imports Kafka; its threads never run session code, they hand over to the session's own executor. */
@NullMarked
package dev.sluice.gateway.kafka;

import org.jspecify.annotations.NullMarked;
