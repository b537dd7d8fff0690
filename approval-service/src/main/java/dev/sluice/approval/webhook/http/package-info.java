// SPDX-License-Identifier: Apache-2.0
/** How a message leaves the service. Runs on Vert.x's event loops; looking up names is done beside them. */
@NullMarked
package dev.sluice.approval.webhook.http;

import org.jspecify.annotations.NullMarked;
