// SPDX-License-Identifier: Apache-2.0
/** Fixtures that other modules' tests and the quick start use by way of the test jar. */
@NullMarked
package dev.sluice.schemas.testing;

import org.jspecify.annotations.NullMarked;
