// SPDX-License-Identifier: Apache-2.0
/** The facts that travel over Kafka, one record per event type, and the CloudEvents envelope around them. */
@NullMarked
package dev.sluice.schemas.event;

import org.jspecify.annotations.NullMarked;
