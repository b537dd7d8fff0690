// SPDX-License-Identifier: Apache-2.0
/** What a masked caller can find out, and what it does not notice. */
@NullMarked
package dev.sluice.e2e.masking;

import org.jspecify.annotations.NullMarked;
