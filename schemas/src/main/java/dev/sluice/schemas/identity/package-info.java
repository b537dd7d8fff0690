// SPDX-License-Identifier: Apache-2.0
/** Proving a caller by an OpenID Connect token. Never blocks: answers arrive as {@code CompletionStage}. */
@NullMarked
package dev.sluice.schemas.identity;

import org.jspecify.annotations.NullMarked;
