// SPDX-License-Identifier: Apache-2.0
/** The command line of an auditor: asks the REST interface and prints for people. Knows no other package of the service. */
@NullMarked
package dev.sluice.audit.client;

import org.jspecify.annotations.NullMarked;
