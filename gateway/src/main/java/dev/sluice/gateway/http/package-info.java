// SPDX-License-Identifier: Apache-2.0
/**
 * The control API: health, metrics, version and the state of the policy, for orchestrators and operators. The only package that serves
 * HTTP. Every route is made with its access rule. Runs on event loops; what it shows comes in as suppliers that never wait.
 */
@NullMarked
package dev.sluice.gateway.http;

import org.jspecify.annotations.NullMarked;
