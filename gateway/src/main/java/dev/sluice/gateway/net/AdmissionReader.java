// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.wire.SqlState;
import dev.sluice.gateway.wire.StartupPacket.StartupMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks a StartupMessage: version, user, database, replication, settings. */
final class AdmissionReader {
    /** Newest minor version of protocol 3 that we speak. */
    static final int NEWEST_MINOR = 2;

    private final TargetRegistry targets;

    AdmissionReader(TargetRegistry targets) {
        this.targets = targets;
    }

    Admission read(StartupMessage message) throws RefusedException {
        if (message.major() != 3) {
            throw Refusal.of(SqlState.FEATURE_NOT_SUPPORTED, "unsupported frontend protocol " + message.major() + "." + message.minor() + ": this gateway supports 3.0 to 3." + NEWEST_MINOR)
                    .asException();
        }
        Map<String, String> parameters = new LinkedHashMap<>(message.parameters());
        String user = orEmpty(parameters.remove("user"));
        if (user.isEmpty()) {
            throw Refusal.of(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "no PostgreSQL user name specified in startup packet")
                    .asException();
        }
        String database = orEmpty(parameters.remove("database"));
        if (database.isEmpty()) {
            database = user;
        }
        if (StartupParameters.asksForReplication(parameters.remove("replication"))) {
            throw Refusal.of(SqlState.FEATURE_NOT_SUPPORTED, "replication connections are not supported through this gateway")
                    .withHint("A replication stream cannot be judged or masked; connect to the server itself.")
                    .asException();
        }
        List<String> protocolOptions = StartupParameters.protocolOptions(parameters);
        protocolOptions.forEach(parameters::remove);
        TargetRegistry.Address address = targets.resolve(database).orElse(null);
        String application = parameters.get("application_name");
        String traceparent = StartupParameters.traceparent(parameters);
        ClientManner manner = ClientManner.taken(parameters);
        return new Admission(user, database, address, settings(address, parameters), manner.holds(), application, Math.min(message.minor(), NEWEST_MINOR),
                message.minor(), protocolOptions, traceparent, manner.purpose());
    }

    /** A passed-through client speaks to the server with its own rights, so its settings are between the two. */
    private static Map<String, String> settings(TargetRegistry.@Nullable Address address, Map<String, String> parameters) throws RefusedException {
        if (address == null) {
            return Map.of();
        }
        return address.target().isPassthrough() ? parameters : StartupParameters.allowed(parameters);
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }
}
