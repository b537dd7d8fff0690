// SPDX-License-Identifier: Apache-2.0
/** The open holds of this gateway: how many there may be, and which verdict is for which. Thread-safe; no sockets, no Kafka, no clock. */
@NullMarked
package dev.sluice.gateway.hold;

import org.jspecify.annotations.NullMarked;
