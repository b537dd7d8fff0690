// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.config;

import dev.sluice.schemas.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** The settings of Kafka's clients: those in the configuration, and those in the file that it names. */
public final class ClientSettings {
    private ClientSettings() {}

    /** Reads the file. A name that is in both places, or that the service sets itself, is an error. */
    public static Map<String, String> of(ApprovalConfig.Kafka kafka) {
        var settings = new HashMap<>(kafka.properties());
        var file = kafka.propertiesFile();
        if (file == null) {
            return settings;
        }
        var read = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            read.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigException("kafka.propertiesFile: " + file + " cannot be read: " + e.getMessage());
        }
        for (String name : read.stringPropertyNames()) {
            if (ApprovalConfig.Kafka.OURS.contains(name) || settings.put(name, read.getProperty(name)) != null) {
                throw new ConfigException("kafka.propertiesFile: '" + name + "' is set elsewhere already, by kafka.properties or by the service itself");
            }
        }
        return settings;
    }
}
