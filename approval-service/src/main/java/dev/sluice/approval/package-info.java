// SPDX-License-Identifier: Apache-2.0
/** The approval-service: who may release a held statement. Wiring and the command line; everything else lives in the packages below. */
@NullMarked
package dev.sluice.approval;

import org.jspecify.annotations.NullMarked;
