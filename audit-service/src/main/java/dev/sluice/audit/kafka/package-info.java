// SPDX-License-Identifier: Apache-2.0
/** Reading the topics and handing whole batches to the store. The only package that knows Kafka; its consumer lives on one thread of its own. */
@NullMarked
package dev.sluice.audit.kafka;

import org.jspecify.annotations.NullMarked;
