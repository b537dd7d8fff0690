// SPDX-License-Identifier: Apache-2.0
/** Proof from raw records and public keys alone: chains, sequences, signatures and grants. Needs no server. */
@NullMarked
package dev.sluice.audit.verify;

import org.jspecify.annotations.NullMarked;
