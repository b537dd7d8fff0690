// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The secrets of the compose stack, made by its own script in a folder of the test: whoever reads one in a container can read it there, and nobody
 * else. As root with real owners, and the script that makes the gateway's role run as the user that it runs as in its container; otherwise the owners
 * are those that the script asked for.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ComposeSecretsTest {
    private static final Set<PosixFilePermission> FOR_EVERYBODY = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Pattern ABSOLUTE_PATH = Pattern.compile("(?<![\\w./-])/[a-z][\\w.-]*(?:/[\\w.-]+)+");

    /** Who reads in the containers: the user 999 of the bookworm images of PostgreSQL, Keycloak's 1000, and ours, as our Dockerfiles say. */
    private static final Map<String, Integer> USERS =
            Map.of("shop-database", 999, "audit-database", 999, "oidc", 1000, "gateway", 10001, "approval-service", 10001, "audit-service", 10001);

    private Path folder;
    private ComposeFile compose;
    private Path made;
    private final Map<Path, Integer> owners = new HashMap<>();

    @BeforeAll
    void makeTheSecrets(@TempDir Path temporary) throws Exception {
        folder = temporary;
        compose = ComposeFile.read();
        made = folder.resolve("secrets");
        Files.setPosixFilePermissions(folder, FOR_EVERYBODY);
        Files.createDirectory(made, PosixFilePermissions.asFileAttribute(FOR_EVERYBODY));
        Path programs = Files.createDirectory(folder.resolve("programs"), PosixFilePermissions.asFileAttribute(FOR_EVERYBODY));
        Files.setPosixFilePermissions(made, FOR_EVERYBODY);
        Files.setPosixFilePermissions(programs, FOR_EVERYBODY);
        for (String volume : volumesOfSecrets().values()) {
            Path secrets = Files.createDirectory(made.resolve(volume));
            Files.setPosixFilePermissions(secrets, FOR_EVERYBODY);
        }
        // Stands for psql: what it was called with and what it was given to run.
        program("psql", "{ printf '%s\\n' \"$@\"; cat; } > \"$CALLED\"");
        if (!run(Map.of(), "openssl", "pkcs12", "-help").output().contains("-jdktrust")) {
            // The image has OpenSSL 3.5; before 3.2 there is no -jdktrust, which says that Java may trust the certificate.
            program("openssl", "[ \"$1\" = pkcs12 ] || exec %s \"$@\"; for word; do shift; case $word in -jdktrust|anyExtendedKeyUsage) ;; *) set -- \"$@\" \"$word\" ;; esac; done; exec %s \"$@\""
                    .formatted(pathOf("openssl"), pathOf("openssl")));
        }
        if (!root()) {
            program("chown", "printf '%s %s\\n' \"${1%%:*}\" \"$2\" >> " + folder.resolve("owners"));
        }
        Ended ended = run(Map.of(), "sh", script("deploy/images/secrets/make-secrets").toString());
        assertThat(ended.output()).contains("made the secrets");
        assertThat(ended.code()).isZero();
        if (!root()) {
            for (String line : Files.readAllLines(folder.resolve("owners"))) {
                owners.put(Path.of(line.substring(line.indexOf(' ') + 1)), Integer.valueOf(line.substring(0, line.indexOf(' '))));
            }
        }
    }

    @Test
    void everySecretIsThereForTheUserWhoReadsItInItsContainer() throws IOException {
        Map<String, List<String>> reads = new TreeMap<>();
        for (Map.Entry<String, Integer> user : USERS.entrySet()) {
            Map<String, String> secrets = new HashMap<>();
            for (JsonNode mount : service(user.getKey()).path("volumes")) {
                String[] parts = mount.asText().split(":", -1);
                if (volumesOfSecrets().containsKey(parts[0])) {
                    secrets.put(parts[1], parts[0]);
                }
            }
            for (String path : pathsNamedIn(user.getKey())) {
                for (Map.Entry<String, String> mount : secrets.entrySet()) {
                    if (path.startsWith(mount.getKey() + "/")) {
                        String file = path.substring(mount.getKey().length() + 1);
                        reads.computeIfAbsent(user.getKey(), key -> new ArrayList<>()).add(mount.getValue() + "/" + file);
                        assertReadable(user.getKey(), user.getValue(), made.resolve(volumesOfSecrets().get(mount.getValue())), file);
                    }
                }
            }
        }
        // What is expected to be found, so that a way of naming files that this test does not see is seen.
        assertThat(reads).containsOnlyKeys(USERS.keySet());
        assertThat(reads.get("shop-database")).containsOnly("shop-database-secrets/superuser-password", "shop-database-secrets/gateway-password");
        assertThat(reads.get("audit-database")).containsOnly("audit-database-secrets/password");
        assertThat(reads.get("oidc")).containsOnly("oidc-secrets/oidc.pem", "oidc-secrets/oidc.key", "oidc-secrets/realm.json");
        assertThat(reads.get("gateway"))
                .containsOnly("authority/trust.p12", "gateway-secrets/gateway.pem", "gateway-secrets/gateway.key", "gateway-secrets/shop-password", "gateway-secrets/signing-key.jwk");
        assertThat(reads.get("approval-service")).containsOnly("authority/trust.p12", "approval-secrets/signing-key.jwk");
        assertThat(reads.get("audit-service")).containsOnly("authority/trust.p12", "audit-secrets/database-password", "audit-secrets/gateway.public.jwk");
    }

    @Test
    void nobodyElseCanReadASecret() throws IOException {
        try (Stream<Path> files = Files.walk(made)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                boolean open = file.startsWith(made.resolve("authority")) || file.toString().endsWith(".pem");
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                if (!open) {
                    assertThat(mode).as(file.toString()).endsWith("------");
                }
            }
        }
        assertThat(made.resolve("authority/authority.key")).doesNotExist();
    }

    @Test
    void whoeverSharesAPasswordHasTheSameAndNoneIsEmpty() throws IOException {
        assertThat(password("gateway/shop-password")).isEqualTo(password("shop-database/gateway-password"));
        assertThat(password("audit/database-password")).isEqualTo(password("audit-database/password"));
        assertThat(password("shop-database/superuser-password")).isNotEqualTo(password("shop-database/gateway-password"));
        String realm = Files.readString(made.resolve("oidc/realm.json"));
        assertThat(realm).doesNotContain("@AGENT_SECRET@").doesNotContain("_PASSWORD@");
        for (String name : List.of("agent-demo", "olivia", "pat", "ada")) {
            assertThat(realm).contains("\"" + password("people/" + name) + "\"");
        }
        assertThat(Files.readString(made.resolve("audit/gateway.public.jwk"))).containsPattern("\"x\":\"[A-Za-z0-9_-]{43}\"");
    }

    @Test
    void theCertificatesAreForTheNamesOfTheContainersAndSignedByTheAuthorityThatTheServicesTrust() throws Exception {
        String authority = made.resolve("authority/authority.pem").toString();
        for (String certificate : List.of("gateway/gateway.pem", "oidc/oidc.pem")) {
            String name = certificate.substring(0, certificate.indexOf('/'));
            assertThat(run(Map.of(), "openssl", "verify", "-CAfile", authority, "-verify_hostname", name, made.resolve(certificate).toString()).code()).as(name).isZero();
        }
        String options = compose.content().path("x-service").path("environment").path("JAVA_TOOL_OPTIONS").asText();
        Matcher password = Pattern.compile("trustStorePassword=(\\S+)").matcher(options);
        assertThat(password.find()).isTrue();
        java.security.KeyStore trusted = java.security.KeyStore.getInstance(made.resolve("authority/trust.p12").toFile(), password.group(1).toCharArray());
        assertThat(trusted).isNotNull();
    }

    @Test
    void asTheUserPostgresTheRoleIsMadeWithThePasswordThatTheGatewayHas() throws Exception {
        Path called = called("role");
        Ended ended = asPostgres(called, script("deploy/images/shop-database/10-gateway-role.sh"));

        assertThat(ended.output()).isEmpty();
        assertThat(ended.code()).isZero();
        assertThat(Files.readAllLines(called)).contains("password=" + password("gateway/shop-password"), "CREATE ROLE sluice_gateway LOGIN PASSWORD :'password';");
    }

    @Test
    void noRoleIsMadeWithoutAPassword() throws Exception {
        Path script = script("deploy/images/shop-database/10-gateway-role.sh");
        for (String content : new String[] {null, "", "\n"}) {
            Path other = Files.createTempDirectory(folder, "other");
            Files.setPosixFilePermissions(other, FOR_EVERYBODY);
            if (content != null) {
                Files.writeString(other.resolve("gateway-password"), content);
            }
            Path changed = other.resolve("script");
            Files.writeString(changed, Files.readString(script).replace(made.resolve("shop-database").toString(), other.toString()));
            Path called = called(String.valueOf(other.getFileName()));
            Ended ended = asPostgres(called, changed);

            assertThat(ended.code()).isNotZero();
            assertThat(ended.output()).contains("gateway-password");
            assertThat(Files.readString(called)).as("psql was not called").isEmpty();
        }
    }

    @Test
    void aRoleScriptThatCannotReadItsPasswordMakesNoRole() throws Exception {
        assumeTrue(root(), "only root can make a file that another user cannot read");
        Path other = Files.createTempDirectory(folder, "unreadable");
        Files.setPosixFilePermissions(other, FOR_EVERYBODY);
        Files.writeString(other.resolve("gateway-password"), "secret");
        Files.setPosixFilePermissions(other.resolve("gateway-password"), PosixFilePermissions.fromString("rw-------"));
        Path changed = other.resolve("script");
        Files.writeString(changed, Files.readString(script("deploy/images/shop-database/10-gateway-role.sh")).replace(made.resolve("shop-database").toString(), other.toString()));
        Path called = called("unreadable");

        assertThat(asPostgres(called, changed).code()).isNotZero();
        assertThat(Files.readString(called)).isEmpty();
    }

    @Test
    void secretsThatAreThereAreLeftAlone() throws Exception {
        String before = password("gateway/shop-password");

        Ended ended = run(Map.of(), "sh", script("deploy/images/secrets/make-secrets").toString());

        assertThat(ended.code()).isZero();
        assertThat(ended.output()).contains("there already");
        assertThat(password("gateway/shop-password")).isEqualTo(before);
    }

    /** Every path that the container is told of: in its variables, its configuration file, and the scripts that make its database. */
    private Set<String> pathsNamedIn(String name) throws IOException {
        JsonNode service = service(name);
        StringBuilder texts = new StringBuilder();
        service.path("environment").forEach(value -> texts.append(value.asText()).append('\n'));
        if (service.has("x-merged")) {
            compose.content().path("x-service").path("environment").forEach(value -> texts.append(value.asText().replace('=', ' ')).append('\n'));
        }
        for (JsonNode mount : service.path("volumes")) {
            String[] parts = mount.asText().split(":", -1);
            if (parts[0].startsWith("./")) {
                texts.append(Files.readString(compose.repository().resolve(parts[0]))).append('\n');
            }
            if (name.equals("oidc") && parts[1].endsWith("/import")) {
                texts.append(parts[1]).append("/realm.json\n");
            }
        }
        Set<String> paths = new java.util.TreeSet<>();
        Matcher path = ABSOLUTE_PATH.matcher(texts);
        while (path.find()) {
            paths.add(path.group());
        }
        return paths;
    }

    private void assertReadable(String service, int user, Path volume, String file) throws IOException {
        Path path = volume.resolve(file);
        assertThat(permits(volume, user, PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OTHERS_EXECUTE)).as("%s enters %s", service, volume).isTrue();
        if (service.equals("approval-service") && file.equals("signing-key.jwk")) {
            assertThat(permits(volume, user, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OTHERS_WRITE)).as("it makes its key itself").isTrue();
        } else {
            assertThat(path).as("read by %s", service).isRegularFile();
            assertThat(Files.size(path)).as(path.toString()).isPositive();
            assertThat(permits(path, user, PosixFilePermission.OWNER_READ, PosixFilePermission.OTHERS_READ)).as("%s reads %s", service, path).isTrue();
        }
    }

    private boolean permits(Path path, int user, PosixFilePermission owner, PosixFilePermission others) throws IOException {
        int owned = root() ? (int) Files.getAttribute(path, "unix:uid") : owners.getOrDefault(path, 0);
        return Files.getPosixFilePermissions(path).contains(owned == user ? owner : others);
    }

    /** Volume to folder, as the container that makes the secrets has them mounted. */
    private Map<String, String> volumesOfSecrets() {
        Map<String, String> volumes = new TreeMap<>();
        for (JsonNode mount : service("secrets").path("volumes")) {
            String[] parts = mount.asText().split(":", -1);
            volumes.put(parts[0], parts[1].substring("/secrets/".length()));
        }
        return volumes;
    }

    private JsonNode service(String name) {
        return compose.content().path("services").path(name);
    }

    private String password(String file) throws IOException {
        String password = Files.readString(made.resolve(file));
        assertThat(password).as(file).matches("[A-Za-z0-9]{30,}");
        return password;
    }

    /** The script with the test's folders in place of the container's. */
    private Path script(String file) throws IOException {
        String text = Files.readString(compose.repository().resolve(file))
                .replace("/run/secrets/sluice", made.resolve("shop-database").toString())
                .replace("/usr/local/share/realm.json", compose.repository().resolve("deploy/images/secrets/realm.json").toString())
                .replaceAll("(?<=[ \"])/secrets/", Matcher.quoteReplacement(made + "/"));
        Path script = folder.resolve(String.valueOf(Path.of(file).getFileName()));
        Files.writeString(script, text);
        return script;
    }

    private Path called(String name) throws IOException {
        Path called = folder.resolve("called-" + name);
        Files.writeString(called, "");
        Files.setPosixFilePermissions(called, PosixFilePermissions.fromString("rw-rw-rw-"));
        return called;
    }

    private Ended asPostgres(Path called, Path script) throws Exception {
        Map<String, String> environment = Map.of("CALLED", called.toString(), "POSTGRES_USER", "postgres", "POSTGRES_DB", "shop");
        return root()
                ? run(environment, "setpriv", "--reuid", "999", "--regid", "999", "--clear-groups", "bash", script.toString())
                : run(environment, "bash", script.toString());
    }

    private void program(String name, String commands) throws IOException {
        Path program = folder.resolve("programs").resolve(name);
        Files.writeString(program, "#!/bin/sh\n" + commands + "\n");
        Files.setPosixFilePermissions(program, FOR_EVERYBODY);
    }

    private static Path pathOf(String program) {
        return Stream.of(String.valueOf(System.getenv("PATH")).split(":", -1)).map(entry -> Path.of(entry, program)).filter(Files::isExecutable).findFirst().orElseThrow();
    }

    private boolean root() throws IOException {
        return (int) Files.getAttribute(folder, "unix:uid") == 0 && Files.isExecutable(Path.of("/usr/bin/setpriv"));
    }

    private Ended run(Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
        process.environment().putAll(environment);
        process.environment().merge("PATH", folder.resolve("programs").toString(), (path, programs) -> programs + ":" + path);
        Path output = Files.createTempFile("compose", ".out");
        try {
            Process started = process.redirectOutput(output.toFile()).start();
            assertThat(started.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return new Ended(started.exitValue(), Files.readString(output));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        } finally {
            Files.delete(output);
        }
    }

    private record Ended(int code, String output) {}
}
