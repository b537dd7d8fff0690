// SPDX-License-Identifier: Apache-2.0
/** {@code sluice policy}: what a policy says, told by the classes that judge in the gateway. */
@NullMarked
package dev.sluice.gateway.cli;

import org.jspecify.annotations.NullMarked;
