// SPDX-License-Identifier: Apache-2.0
/** The audit-service: what happened, provably. Wiring and the command line; everything else lives in the packages below. */
@NullMarked
package dev.sluice.audit;

import org.jspecify.annotations.NullMarked;
