// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import java.util.List;
import java.util.stream.Stream;

/**
 * What the evidence proves.
 *
 * @param records how many were given
 * @param findings those that belong to no session
 */
public record Report(long records, List<SessionReport> sessions, List<Finding> findings) {
    public Report {
        sessions = List.copyOf(sessions);
        findings = List.copyOf(findings);
    }

    /** Every finding, those of the sessions first. */
    public List<Finding> allFindings() {
        return Stream.concat(sessions.stream().flatMap(session -> session.findings().stream()), findings.stream()).toList();
    }

    /** The same with findings of another witness. */
    public Report with(List<Finding> more) {
        return new Report(records, sessions, Stream.concat(findings.stream(), more.stream()).toList());
    }

    /** True when nothing is amiss. Says nothing about sessions without an end: see {@link #openSessions()}. */
    public boolean ok() {
        return allFindings().isEmpty();
    }

    /** Sessions whose chain has no session.closed. */
    public long openSessions() {
        return sessions.stream().filter(session -> !session.closed()).count();
    }
}
