// SPDX-License-Identifier: Apache-2.0
/**
 * The REST interface. Requests are served on virtual threads of one Vert.x context: one runs at a time, and the others go on while it waits
 * with {@code Future.await}. Nothing else may wait there. Every route is an {@link dev.sluice.approval.http.Endpoint}, whose kind says who may use it; {@link dev.sluice.approval.http.Gatekeeper} enforces that.
 */
@NullMarked
package dev.sluice.approval.http;

import org.jspecify.annotations.NullMarked;
