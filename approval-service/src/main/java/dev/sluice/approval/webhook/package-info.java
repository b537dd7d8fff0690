// SPDX-License-Identifier: Apache-2.0
/**
 * Telling receivers about approvals: what is still to be told is folded from the log, so that every replica knows it and a restart forgets
 * nothing; who owns the partition does the telling. Only {@code webhook.http} opens connections.
 */
@NullMarked
package dev.sluice.approval.webhook;

import org.jspecify.annotations.NullMarked;
