// SPDX-License-Identifier: Apache-2.0
/**
 * The whole of Sluice in one JVM: embedded Kafka, embedded PostgreSQL with a sample database, an OpenID provider and the three
 * services, started by the same deployables as in production. {@link dev.sluice.quickstart.Stack} is also the fixture of the
 * end-to-end tests. Starting and stopping block the calling thread; nothing here runs on an event loop except the provider's handlers.
 */
@NullMarked
package dev.sluice.quickstart;

import org.jspecify.annotations.NullMarked;
