// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.sluice.approval.webhook.http;

import org.jspecify.annotations.NullMarked;
