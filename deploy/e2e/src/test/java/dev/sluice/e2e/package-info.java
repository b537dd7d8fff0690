// SPDX-License-Identifier: Apache-2.0
/** The whole product against real clients and a real PostgreSQL. */
@NullMarked
package dev.sluice.e2e;

import org.jspecify.annotations.NullMarked;
