// SPDX-License-Identifier: Apache-2.0
/** What the tests of this module share: evidence as a gateway writes it, and a token issuer on the loopback interface. */
@NullMarked
package dev.sluice.audit.testing;

import org.jspecify.annotations.NullMarked;
