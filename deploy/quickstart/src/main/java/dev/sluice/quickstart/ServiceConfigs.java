// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import dev.sluice.approval.config.ApprovalConfig;
import dev.sluice.audit.config.AuditConfig;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.config.InvalidConfiguration;
import dev.sluice.schemas.config.ConfigException;
import java.nio.file.Path;
import java.util.Map;

/** Reads the services' configuration with their own readers, the environment left out: what the file says is what runs. */
final class ServiceConfigs {
    private ServiceConfigs() {}

    static GatewayConfig gateway(Path file) {
        try {
            return GatewayConfig.load(file, Map.of());
        } catch (InvalidConfiguration wrong) {
            throw new StartFailure(wrong.getMessage(), wrong);
        }
    }

    static ApprovalConfig approval(Path file) {
        try {
            return ApprovalConfig.READER.read(file, Map.of());
        } catch (ConfigException wrong) {
            throw new StartFailure(file + ": " + wrong.getMessage(), wrong);
        }
    }

    static AuditConfig audit(Path file) {
        try {
            return AuditConfig.READER.read(file, Map.of());
        } catch (ConfigException wrong) {
            throw new StartFailure(file + ": " + wrong.getMessage(), wrong);
        }
    }
}
