// SPDX-License-Identifier: Apache-2.0
/**
 * The approval-service's three readings of Kafka and its one way of writing. Each reading has a thread of its own, which may block here.
 * The log of approvals is read whole by every replica; the sessions and the verdicts to be sent are shared out among replicas by consumer
 * groups, at least once: what is done twice has the same id and the same bytes.
 */
@NullMarked
package dev.sluice.approval.kafka;

import org.jspecify.annotations.NullMarked;
