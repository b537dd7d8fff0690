// SPDX-License-Identifier: Apache-2.0
/** The hash chain of a session and its offline verification. Pure: no clock, no network, no Kafka. */
@NullMarked
package dev.sluice.schemas.chain;

import org.jspecify.annotations.NullMarked;
