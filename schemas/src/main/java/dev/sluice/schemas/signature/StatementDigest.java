// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.signature;

import dev.sluice.schemas.event.StatementEvent.Hidden;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.event.StatementEvent.StandsFor;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a grant is for: one text with one set of parameters, under everything that gives the text its meaning. SHA-256 over fields that
 * each carry their length, so that no two different statements share the bytes that are hashed.
 */
public final class StatementDigest {
    private static final String VERSION = "sluice-statement-1";

    /** Looking one up costs as much as hashing a short text. */
    private static final ThreadLocal<MessageDigest> ONE_SHOT = ThreadLocal.withInitial(StatementDigest::sha256);

    private StatementDigest() {}

    /**
     * @param text as the client sent it
     * @param role the role in force, after SET ROLE
     * @param database target and database
     * @param searchPath as the session reports it
     * @param furtherContext whatever else changes the meaning (catalog version, client_encoding, …), always the same things in the same order
     * @return 64 hexadecimal digits
     */
    public static String of(String text, List<Parameter> parameters, String role, String database, String searchPath, String... furtherContext) {
        MessageDigest sha256 = sha256();
        field(sha256, VERSION);
        field(sha256, text);
        count(sha256, parameters.size());
        for (Parameter parameter : parameters) {
            count(sha256, parameter.type());
            field(sha256, parameter.format());
            field(sha256, parameter.value());
        }
        field(sha256, role);
        field(sha256, database);
        field(sha256, searchPath);
        count(sha256, furtherContext.length);
        for (String context : furtherContext) {
            field(sha256, context);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    /** What the digest of this hold must be, from its own fields: what is shown to people is what is signed. */
    public static String bound(StatementHeld held) {
        return of(held.query(), held.parameters(), orNone(held.role()), held.database(), orNone(held.searchPath()), context(held).toArray(String[]::new));
    }

    /** What a reader of the query alone does not see, by which two queries that look alike differ. Empty where they do not. */
    public static List<String> unseen(StatementHeld held) {
        var unseen = new ArrayList<String>();
        List<StandsFor> standsFor = held.standsFor();
        if (standsFor != null) {
            unseen.addAll(List.of("stands for", Integer.toString(standsFor.size())));
            standsFor.forEach(meaning -> add(unseen, meaning));
        }
        Hidden hidden = held.hidden();
        if (hidden != null) {
            unseen.addAll(List.of("hidden", Integer.toString(hidden.constants()), hidden.digest()));
        }
        return unseen;
    }

    /** Each list behind its length, and what is absent told from what is empty, so that no two of them are the same texts. */
    private static void add(List<String> texts, StandsFor meaning) {
        texts.addAll(List.of(meaning.name(), meaning.query(), Integer.toString(meaning.parameterTypes().size())));
        meaning.parameterTypes().forEach(type -> texts.add(Long.toString(type)));
        texts.add(Integer.toString(meaning.parameters().size()));
        for (Parameter parameter : meaning.parameters()) {
            texts.addAll(List.of(Integer.toString(parameter.type()), parameter.format(), parameter.value() == null ? "" : "=" + parameter.value()));
        }
    }

    /** A hold that names nothing of it has the digest that holds had before there were these. */
    private static List<String> context(StatementHeld held) {
        var context = new ArrayList<String>();
        if (held.policyVersion() != null || held.catalogVersion() != null) {
            context.addAll(List.of("policy", orNone(held.policyVersion()), "catalog", orNone(held.catalogVersion())));
        }
        context.addAll(unseen(held));
        return context;
    }

    /**
     * The digest of a held statement whose query hides nothing. A hold that names no version of policy or catalog has the digest that holds had before there were these.
     *
     * @param policyVersion of the policy that holds it; null where the hold does not name it
     * @param catalogVersion of the objects that it names; null where nobody could look
     */
    public static String bound(
            String text,
            List<Parameter> parameters,
            String role,
            String database,
            String searchPath,
            @Nullable String policyVersion,
            @Nullable String catalogVersion) {
        return policyVersion == null && catalogVersion == null
                ? of(text, parameters, role, database, searchPath)
                : of(text, parameters, role, database, searchPath, "policy", orNone(policyVersion), "catalog", orNone(catalogVersion));
    }

    private static String orNone(@Nullable String version) {
        return version == null ? "" : version;
    }

    /** SHA-256 of the text alone, to find the same statement again. 64 hexadecimal digits. */
    public static String ofText(String text) {
        return HexFormat.of().formatHex(ONE_SHOT.get().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** int32 length, UTF-8 bytes; length -1 for what is absent, as in the protocol's own Bind. */
    static void field(MessageDigest sha256, @Nullable String value) {
        if (value == null) {
            count(sha256, -1);
            return;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        count(sha256, bytes.length);
        sha256.update(bytes);
    }

    static void count(MessageDigest sha256, int value) {
        sha256.update((byte) (value >>> 24));
        sha256.update((byte) (value >>> 16));
        sha256.update((byte) (value >>> 8));
        sha256.update((byte) value);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
