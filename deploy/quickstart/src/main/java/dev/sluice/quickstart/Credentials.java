// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that somebody needs to play a part: who they are, their tokens and where to go. Written as JSON for {@code --credentials}.
 *
 * @param gateway where PostgreSQL clients connect
 * @param agent the program whose statements are judged
 * @param approvers people who may release a held statement
 * @param auditor somebody who may read what happened
 * @param urls the services' REST interfaces
 * @param publicKeys what evidence is checked with, away from the services
 */
public record Credentials(GatewayAddress gateway, Login agent, List<Login> approvers, Login auditor, Urls urls, PublicKeys publicKeys) {
    private static final ObjectMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public Credentials {
        approvers = List.copyOf(approvers);
    }

    /**
     * Where PostgreSQL clients connect.
     *
     * @param database the first target; null when the only target takes every database name
     */
    public record GatewayAddress(String host, int port, @Nullable String database) {}

    /**
     * A principal.
     *
     * @param secret its password or client secret at the OpenID provider
     * @param token a token that is valid now
     */
    public record Login(String user, String secret, String token) {
        @Override
        public String toString() {
            return user + " ***";
        }
    }

    /**
     * The REST interfaces.
     *
     * @param oidc the issuer
     * @param gateway the gateway's control API
     */
    public record Urls(URI approval, URI audit, URI oidc, URI gateway) {}

    /** Files with the public JSON Web Key Sets of the gateway, which signs the record, and of the approval-service, which signs grants. */
    public record PublicKeys(String gateway, String approval) {}

    /** Writes the JSON form, readable by the owner only. */
    void write(Path file) {
        try {
            PrivateFile.write(file, JSON.writeValueAsString(this) + "\n");
        } catch (JacksonException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Reads what {@link #write} wrote. */
    public static Credentials read(Path file) {
        try {
            return JSON.readValue(Files.readString(file), Credentials.class);
        } catch (IOException unreadable) {
            throw new StartFailure(
                    file + " cannot be read (" + unreadable.getMessage() + "): is the quick start running? It writes this file when it is ready.", unreadable);
        }
    }
}
