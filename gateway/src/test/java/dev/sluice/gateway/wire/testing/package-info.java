// SPDX-License-Identifier: Apache-2.0
/**
 * A second, tiny codec of the protocol for tests. It is written from the manual's "Message Formats" and shares nothing with the product's
 * readers and encoders, so that a mistake in those cannot hide in the tests.
 */
@NullMarked
package dev.sluice.gateway.wire.testing;

import org.jspecify.annotations.NullMarked;
