// SPDX-License-Identifier: Apache-2.0
/** The configuration file as a record tree, and how it is read. Immutable; unknown keys fail the start. */
@NullMarked
package dev.sluice.approval.config;

import org.jspecify.annotations.NullMarked;
