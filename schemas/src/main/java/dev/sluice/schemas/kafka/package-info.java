// SPDX-License-Identifier: Apache-2.0
/** The topics, how they are made, and the binding to Kafka. The only package here that imports the Kafka client; nothing in it may be called where a wait would hurt, except where a method says that it never blocks. */
@NullMarked
package dev.sluice.schemas.kafka;

import org.jspecify.annotations.NullMarked;
