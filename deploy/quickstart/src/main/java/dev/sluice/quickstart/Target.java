// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server to put Sluice in front of, as {@code --target name=postgres://user:password@host:port/database} names it. With
 * {@code ?credential=passthrough} each client's own login goes to the server, and the URL has neither user nor password.
 *
 * @param name what clients give as {@code dbname}; {@code *} takes every name that no other target has
 * @param url as given; the gateway reads it, with every parameter that its configuration knows
 * @param database absent only for {@code *}
 * @param user the login that the gateway uses; absent with passthrough
 * @param password never printed
 * @param plain whether TLS to the server is not insisted on, so that its login can be tried without the files that TLS may need
 */
public record Target(
        String name,
        URI url,
        String host,
        int port,
        @Nullable String database,
        @Nullable String user,
        @Nullable String password,
        boolean passthrough,
        boolean plain) {
    /** The target that takes every database name. */
    public static final String ANY = "*";

    private static final int DEFAULT_PORT = 5432;
    private static final int REACH_MILLIS = 5_000;
    private static final String SHAPE = "write it as name=postgres://user:password@host:port/database or name=postgres://host:port/database?credential=passthrough";

    /** Reads the value of {@code --target}. Fails with a sentence that names what is wrong with it. */
    public static Target parse(String text) {
        int equals = text.indexOf('=');
        if (equals <= 0 || !text.substring(equals + 1).matches("postgres(ql)?://.*")) {
            throw new StartFailure("--target '" + withoutPassword(text) + "' is not understood: " + SHAPE + ".");
        }
        String name = text.substring(0, equals);
        URI url;
        try {
            url = URI.create(text.substring(equals + 1));
        } catch (IllegalArgumentException notAUrl) {
            throw new StartFailure("--target " + name + ": the URL cannot be read; special characters in it must be percent-encoded.", notAUrl);
        }
        if (url.getHost() == null) {
            throw new StartFailure("--target " + name + ": the URL names no host; " + SHAPE + ".");
        }
        List<String> parameters = url.getRawQuery() == null ? List.of() : List.of(url.getRawQuery().split("&"));
        String[] login = url.getRawUserInfo() == null ? new String[0] : url.getRawUserInfo().split(":", 2);
        String path = url.getPath() == null ? "" : url.getPath().replaceFirst("^/", "");
        Target target = new Target(
                name,
                url,
                url.getHost().replaceAll("^\\[|]$", ""),
                url.getPort() < 0 ? DEFAULT_PORT : url.getPort(),
                path.isEmpty() ? null : path,
                login.length > 0 ? URLDecoder.decode(login[0].replace("+", "%2B"), StandardCharsets.UTF_8) : null,
                login.length > 1 ? URLDecoder.decode(login[1].replace("+", "%2B"), StandardCharsets.UTF_8) : null,
                parameters.contains("credential=passthrough"),
                parameters.contains("sslmode=disable") || parameters.contains("sslmode=prefer") || !url.toString().contains("sslmode="));
        target.check();
        return target;
    }

    /** Fails with one sentence when the server does not answer, or does not let the gateway's login in. */
    void reach() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), REACH_MILLIS);
        } catch (IOException unreachable) {
            throw new StartFailure(
                    "the target " + name + " at " + new HostPort(host, port) + " cannot be reached (" + reason(unreachable) + "): is the server running there?", unreachable);
        }
        if (!passthrough && plain) {
            Properties login = new Properties();
            login.setProperty("user", String.valueOf(user));
            if (password != null) {
                login.setProperty("password", password);
            }
            login.setProperty("connectTimeout", "5");
            login.setProperty("loginTimeout", "10");
            try {
                DriverManager.getConnection("jdbc:postgresql://" + new HostPort(host, port).authority() + "/" + database, login).close();
            } catch (SQLException refused) {
                throw new StartFailure("the target " + name + " refuses the login of '" + user + "' to '" + database + "': " + refused.getMessage(), refused);
            }
        }
    }

    @Override
    public String toString() {
        return name + "=postgres://" + new HostPort(host, port) + "/" + (database == null ? "" : database) + (passthrough ? "?credential=passthrough" : "");
    }

    private void check() {
        if (name.equals(ANY) != (database == null)) {
            throw new StartFailure(
                    name.equals(ANY)
                            ? "--target *: the URL must not name a database, since clients name it."
                            : "--target " + name + ": the URL names no database; " + SHAPE + ".");
        }
        if (passthrough && user != null) {
            throw new StartFailure("--target " + name + ": with credential=passthrough the URL must not have a user, since each client logs in itself.");
        }
        if (!passthrough && user == null) {
            throw new StartFailure("--target " + name + ": the URL names no user; " + SHAPE + ".");
        }
    }

    private static String withoutPassword(String text) {
        return text.replaceFirst("://[^@/]*@", "://…@");
    }

    private static String reason(IOException failed) {
        String message = failed.getMessage();
        return message == null ? failed.getClass().getSimpleName() : message;
    }
}
