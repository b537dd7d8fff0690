// SPDX-License-Identifier: Apache-2.0
/** Puts the gateway together from its configuration: {@link dev.sluice.gateway.Gateway} to embed, {@link dev.sluice.gateway.Main} to run. */
@NullMarked
package dev.sluice.gateway;

import org.jspecify.annotations.NullMarked;
