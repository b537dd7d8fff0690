// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.config.HoldManner;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client has asked for in its startup packet, checked. Made once and never changed.
 *
 * @param user the startup packet's user, not empty
 * @param databaseName the database name as given, or the user as PostgreSQL has it
 * @param address what the database name leads to; null if to nothing, which is told only to proven callers
 * @param settings to be sent upstream besides user and database
 * @param manner how the client wants to wait for people
 * @param application what the client calls itself
 * @param minor minor version agreed with the client: at most 2
 * @param requestedMinor minor version that the client asked for
 * @param unknownProtocolOptions to be named in NegotiateProtocolVersion
 * @param traceparent W3C Trace Context of the session, if the client gave one
 * @param purpose what the client says that the session is for
 */
record Admission(
        String user,
        String databaseName,
        TargetRegistry.@Nullable Address address,
        Map<String, String> settings,
        HoldManner manner,
        @Nullable String application,
        int minor,
        int requestedMinor,
        List<String> unknownProtocolOptions,
        @Nullable String traceparent,
        @Nullable String purpose) {

    /** The name to record: of the target if there is one. */
    String targetName() {
        return address == null ? databaseName : address.target().name();
    }

    boolean needsNegotiation() {
        return requestedMinor > minor || !unknownProtocolOptions.isEmpty();
    }
}
