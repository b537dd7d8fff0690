// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import java.time.LocalDate;

/**
 * A record with the place where it is kept.
 *
 * @param sessionId the session it is about, empty when there is none
 * @param day of a chain's record, the day on which its session began, so that a chain is kept, and dropped, whole; of any other, its own
 */
public record EventRow(ReadRecord record, String sessionId, LocalDate day) {}
