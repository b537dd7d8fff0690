// SPDX-License-Identifier: Apache-2.0
/**
 * The approvals as the log tells them, in memory, and what people may do with them. One thread applies events; reading is safe from every
 * thread. Knows neither Kafka nor HTTP.
 */
@NullMarked
package dev.sluice.approval.register;

import org.jspecify.annotations.NullMarked;
