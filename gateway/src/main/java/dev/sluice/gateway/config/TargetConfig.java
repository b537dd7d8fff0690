// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server behind the gateway. */
@Shorthand(
        key = PostgresUrl.KEY,
        value = "All of it in one: `postgres://user:password@host:port/database?sslmode=…&sslrootcert=…&sslcert=…&sslkey=…&connect_timeout=…"
                + "&credential=passthrough&catalog_user=…&catalog_password_file=…`. Excludes the keys that it sets.")
public record TargetConfig(
        @Setting(
                        "What clients give as `dbname`. The name `*` takes every database name that no other target has and passes it on to the"
                                + " server as it came.")
                String name,
        @Setting(value = "Host name or address of the server.", defaultValue = "localhost") String host,
        @Setting(value = "TCP port of the server.", defaultValue = "5432") int port,
        @Setting("Database that the name stands for. Required, except for the target `*`, which must not have it.")
                @Nullable String database,
        @Setting(
                        value = "TLS to the server, as libpq's `sslmode`: `disable`, `prefer`, `require`, `verify-ca`, `verify-full`. Only"
                                + " `verify-full` withstands somebody between gateway and server.",
                        defaultValue = "prefer")
                SslMode sslMode,
        @Setting("PEM file with the authorities for `verify-ca` and `verify-full`. Absent: those of the Java runtime.")
                @Nullable Path rootCertificate,
        @Setting("PEM file with the certificate that the gateway shows the server. Needs `clientKey`.") @Nullable Path clientCertificate,
        @Setting("PEM file with the private key of `clientCertificate`.") @Nullable Path clientKey,
        @Setting(
                        value = "`stored`: the gateway logs in with `user` and its password, and clients prove themselves to the gateway."
                                + " `passthrough`: each client's own PostgreSQL login goes to the server.",
                        defaultValue = "stored")
                CredentialMode credential,
        @Setting("Role for `stored` logins. Required there, refused with `passthrough`.") @Nullable String user,
        @Setting("Password of `user`. Better kept out of the file: `passwordFile`, or the environment.") @Nullable Secret password,
        @Setting("File whose first line is the password of `user`.") @Nullable Path passwordFile,
        @Setting(value = "Time for TCP and TLS to the server; the client gets SQLSTATE 08001 after it.", defaultValue = "10s")
                Duration connectTimeout,
        @Setting("What clients of this target do while a statement is held: `wait`, `return` or `auto`. Absent: as `hold.mode`.")
                @Nullable HoldMode holdMode,
        @Setting("What happens to a hold inside a transaction on this target: `hold`, `deny` or `return`. Absent: as `hold.inTransaction`.")
                @Nullable TransactionHold holdInTransaction,
        @Setting("For `passthrough`: the role by which the gateway itself reads the catalog, which masks need. It needs to be able to connect, and no other right."
                        + " No client's session ever has it. Absent: statements of masked callers are refused there.")
                @Nullable String catalogUser,
        @Setting("File whose first line is the password of `catalogUser`. Absent: the server asks it for none.") @Nullable Path catalogPasswordFile,
        @Setting(
                        value = "Whether masks are tried on a server of a major version that this gateway does not know: its analysed statements are read as the nearest known"
                                + " version's. Nobody has tested whether masks hold there. Else such a target is refused: the gateway is not ready, and statements of masked"
                                + " callers are refused.",
                        defaultValue = "false")
                boolean allowUnknownVersion) {
    /** The name of the target that takes every other database name. */
    public static final String ANY = "*";

    public TargetConfig {
        Check.filled("name", name);
        Check.filled("host", host);
        Check.within("port", 1, 65_535, port);
        Check.within("connectTimeout", Duration.ofMillis(100), Duration.ofMinutes(5), connectTimeout);
        Check.together("clientCertificate", clientCertificate, "clientKey", clientKey);
        Check.atMostOne("password", password, "passwordFile", passwordFile);
        if (name.contains("/")) {
            throw new InvalidSetting("name", "must not contain '/', which separates target and database in 'dbname', but is '" + name + "'");
        }
        if (name.equals(ANY) && database != null) {
            throw new InvalidSetting("database", "must be absent for the target '*', which takes the client's database name, but is '" + database + "'");
        }
        if (!name.equals(ANY) && (database == null || database.isBlank())) {
            throw new InvalidSetting("database", "is missing: say which database '" + name + "' stands for");
        }
        switch (credential) {
            case STORED -> {
                if (user == null || user.isBlank()) {
                    throw new InvalidSetting("user", "is missing: give the role to log in with, or set credential to passthrough");
                }
                if (catalogUser != null || catalogPasswordFile != null) {
                    throw new InvalidSetting("catalogUser", "is for passthrough: with a stored credential the catalog is read by 'user', so it must be absent, and catalogPasswordFile too");
                }
            }
            case PASSTHROUGH -> {
                if (user != null || password != null || passwordFile != null) {
                    throw new InvalidSetting("credential", "is passthrough, so user, password and passwordFile must be absent");
                }
                if (catalogPasswordFile != null && (catalogUser == null || catalogUser.isBlank())) {
                    throw new InvalidSetting("catalogUser", "is missing: say whose password catalogPasswordFile has");
                }
            }
        }
    }

    /** How clients of this target wait, as far as it says. */
    public HoldManner manner() {
        return new HoldManner(holdMode, null, holdInTransaction);
    }

    /** Whether this target takes every database name that no other target has. */
    public boolean takesAnyName() {
        return name.equals(ANY);
    }
}
