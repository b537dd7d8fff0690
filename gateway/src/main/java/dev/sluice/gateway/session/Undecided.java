// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.policy.Particulars;

/**
 * What has to be found out of a statement before the policy can answer.
 *
 * @param known what is known of it so far
 * @param masked whether it has to be known if it makes use of a masked column; asked first, since the planner need not be if the answer settles it
 * @param estimate whether the planner has to be asked
 */
record Undecided(Particulars known, boolean masked, boolean estimate) {}
