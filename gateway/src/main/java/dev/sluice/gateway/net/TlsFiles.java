// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import java.nio.file.Path;

/**
 * A certificate with its key, as PEM files.
 *
 * @param certificate the certificate, followed by its intermediates
 * @param key PKCS#8, not encrypted
 */
public record TlsFiles(Path certificate, Path key) {}
