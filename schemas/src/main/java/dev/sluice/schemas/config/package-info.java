// SPDX-License-Identifier: Apache-2.0
/** How the approval-service and the audit-service read their settings. */
@NullMarked
package dev.sluice.schemas.config;

import org.jspecify.annotations.NullMarked;
