// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.SqlState;

/**
 * Why a statement does not run, as the client will read it. Empty texts are left out.
 *
 * @param position in the statement's characters from 1, 0 for none
 */
record Refusal(SqlState sqlState, String message, String detail, String hint, int position) {
    static Refusal of(SqlState sqlState, String message) {
        return new Refusal(sqlState, message, "", "", 0);
    }
}
