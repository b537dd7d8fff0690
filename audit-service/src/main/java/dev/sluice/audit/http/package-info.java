// SPDX-License-Identifier: Apache-2.0
/** The REST interface: routes, who may use them, and how answers are written. The only package that knows HTTP. */
@NullMarked
package dev.sluice.audit.http;

import org.jspecify.annotations.NullMarked;
