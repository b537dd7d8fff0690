// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

/** How what a statement was resolved to can be contradicted by the server. The statement is refused, or its answer withheld, each time. */
public enum Disagreement {
    /** It checks SELECT permission on a column that the walk over its tree has not met: the walk has overlooked something. */
    PERMISSIONS,
    /**
     * It describes other columns than those that were resolved, or says that a column shows a masked one where none was seen: the walk, or the
     * judgement that none was needed, was wrong, or another session has changed an object at that moment.
     */
    DESCRIPTION
}
