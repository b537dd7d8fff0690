// SPDX-License-Identifier: Apache-2.0
/**
 * Rules become decisions. A policy is read from YAML, checked as a whole and swapped as a whole; judging is pure: the statement's
 * facts, the caller and the time come in, a {@link dev.sluice.gateway.policy.Decision} goes out. Policies are immutable and may be
 * used by many threads. Imports no sockets, no Kafka, no clock and no random source.
 */
@NullMarked
package dev.sluice.gateway.policy;

import org.jspecify.annotations.NullMarked;
