// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the tables to this version's shape with Flyway: the numbered files of {@code migrations}, each once; several instances may start at once. */
public final class Migrations {
    private static final Logger LOGGER = LoggerFactory.getLogger(Migrations.class);

    private Migrations() {}

    /**
     * Applies what is missing, and makes the schema when it is missing. Waits.
     *
     * @throws IllegalStateException when an applied file differs, a newer version has been here, or the schema holds something else
     */
    public static void apply(DataSource source, String schema) {
        try {
            var result = Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(source)
                    .defaultSchema(schema)
                    .createSchemas(true)
                    .table("schema_history")
                    .locations("classpath:dev/sluice/audit/migrations")
                    .failOnMissingLocations(true)
                    .placeholderReplacement(false)
                    .cleanDisabled(true)
                    .load()
                    .migrate();
            LOGGER.atInfo().addKeyValue("applied", result.migrationsExecuted).log("audit database is at this version");
        } catch (FlywayException e) {
            throw new IllegalStateException(
                    "its schema " + schema + " is not one that this version made and can bring up to date (use an empty schema, it is filled again from Kafka): "
                            + String.valueOf(e.getMessage()).lines().filter(line -> !line.isBlank()).findFirst().orElse(""),
                    e);
        }
    }
}
