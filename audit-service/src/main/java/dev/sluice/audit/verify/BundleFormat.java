// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The layout of an evidence bundle: a zip archive whose last two files are a manifest of all others and a signature over it. */
final class BundleFormat {
    static final String VERSION = "sluice-evidence-bundle/1";
    static final String README = "README.txt";
    static final String SESSIONS = "sessions.ndjson";
    static final String RECORDS = "records.ndjson";
    static final String MANIFEST = "manifest.json";
    static final String SIGNATURE = "manifest.jws";
    static final String KEYS = "keys/";
    static final String SCHEMAS = "schemas/";
    /** The {@code typ} of the signature, and its one claim: the SHA-256 (hex) of the manifest's bytes. */
    static final String SIGNATURE_TYPE = "sluice-bundle+jwt";
    static final String MANIFEST_CLAIM = "manifest";

    private BundleFormat() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
