// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A self-signed certificate with its key as PEM files, made by the JDK's own keytool. It is its own authority. */
public record TestCertificate(Path certificate, Path key) {
    static final String PASSWORD = "changeit";

    /** @param names subject alternative names, as keytool writes them: {@code dns:localhost,ip:127.0.0.1} */
    public static TestCertificate create(Path directory, String commonName, String names) throws Exception {
        Path store = directory.resolve(commonName + ".p12");
        Files.deleteIfExists(store);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "it", "-keyalg", "EC", "-groupname",
                "secp256r1", "-sigalg", "SHA256withECDSA", "-validity", "2", "-dname", "CN=" + commonName, "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD,
                "-ext", "bc:c=ca:true"));
        if (!names.isEmpty()) {
            command.addAll(List.of("-ext", "san=" + names));
        }
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException("keytool failed: " + output);
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        Key key = keys.getKey("it", PASSWORD.toCharArray());
        Certificate certificate = keys.getCertificate("it");
        return new TestCertificate(pem(directory.resolve(commonName + ".crt"), "CERTIFICATE", certificate.getEncoded()),
                pem(directory.resolve(commonName + ".key"), "PRIVATE KEY", key.getEncoded()));
    }

    /** The key in the binary form that pgjdbc wants. */
    Path der() throws IOException {
        String base64 = Files.readString(key).replaceAll("-----[A-Z ]+-----", "");
        Path der = Files.write(key.resolveSibling(key.getFileName() + ".pk8"), Base64.getMimeDecoder().decode(base64));
        return Files.setPosixFilePermissions(der, PosixFilePermissions.fromString("rw-------"));
    }

    /** The same as a key store of the JDK's, with {@link #PASSWORD}. */
    Path store() {
        return certificate.resolveSibling(certificate.getFileName().toString().replace(".crt", ".p12"));
    }

    TlsFiles files() {
        return new TlsFiles(certificate, key);
    }

    private static Path pem(Path file, String type, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }
}
