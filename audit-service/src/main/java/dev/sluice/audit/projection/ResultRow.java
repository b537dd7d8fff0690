// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import java.time.LocalDate;

/** Part of an answer that was kept. {@code day} is that of its record. */
public record ResultRow(ReadRecord record, LocalDate day, String sessionId, String statementId, long chunk) {}
