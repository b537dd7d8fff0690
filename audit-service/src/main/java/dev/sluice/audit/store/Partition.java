// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

/** One partition of one topic. */
public record Partition(String topic, int number) {}
