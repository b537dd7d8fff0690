// SPDX-License-Identifier: Apache-2.0
/** PostgreSQL: schema migrations, the one transaction that writes a batch, and the queries of the REST interface. */
@NullMarked
package dev.sluice.audit.store;

import org.jspecify.annotations.NullMarked;
