// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one SCRAM-SHA-256 exchange, towards a server that is not trusted: its nonce, salt and iteration count are
 * bounded, and its signature is checked. Order: {@link #first}, {@link #challenge}, {@link #last}, {@link #verify}.
 */
public final class ScramClient {
    /** Most iterations we compute for a server: about 0.3 s. PostgreSQL's default is 4096. */
    public static final int MAX_ITERATIONS = 1_000_000;
    static final int MAX_SALT = 1024;

    /** What the server asks to be computed. */
    public record Challenge(byte[] salt, int iterations, String serverFirst, String nonce) {}

    private final String gs2Header;
    private final byte[] cbindInput;
    private final String clientNonce;
    private byte @Nullable [] expectedSignature;

    /**
     * @param channelBinding hash of the server's certificate when SCRAM-SHA-256-PLUS was selected, else null
     * @param couldBind whether we are able to bind (TLS is on) though the server did not offer it: tells of a removed offer
     * @param clientNonce fresh random, printable, without comma
     */
    public ScramClient(byte @Nullable [] channelBinding, boolean couldBind, String clientNonce) {
        this.gs2Header = channelBinding != null ? "p=tls-server-end-point,," : couldBind ? "y,," : "n,,";
        byte[] header = gs2Header.getBytes(StandardCharsets.US_ASCII);
        if (channelBinding == null) {
            this.cbindInput = header;
        } else {
            this.cbindInput = Arrays.copyOf(header, header.length + channelBinding.length);
            System.arraycopy(channelBinding, 0, cbindInput, header.length, channelBinding.length);
        }
        this.clientNonce = clientNonce;
    }

    public String first() {
        return gs2Header + firstBare();
    }

    private String firstBare() {
        return "n=,r=" + clientNonce;
    }

    /** Reads server-first-message. */
    public Challenge challenge(String serverFirst) throws ScramFailure {
        ScramMessage message = ScramMessage.read(serverFirst);
        String nonce = message.nonce();
        byte[] salt = message.bytes('s');
        String iterations = message.value('i');
        message.skipExtensions();
        if (!nonce.startsWith(clientNonce) || nonce.length() == clientNonce.length()) {
            throw ScramFailure.malformed("SCRAM nonce of the server does not extend ours");
        }
        if (salt.length == 0 || salt.length > MAX_SALT) {
            throw ScramFailure.malformed("SCRAM salt must be 1 to " + MAX_SALT + " bytes");
        }
        if (!iterations.matches("[1-9][0-9]{0,8}") || Integer.parseInt(iterations) > MAX_ITERATIONS) {
            throw ScramFailure.malformed("SCRAM iteration count must be 1 to " + MAX_ITERATIONS);
        }
        return new Challenge(salt, Integer.parseInt(iterations), serverFirst, nonce);
    }

    /** Makes client-final-message from keys derived for the challenge's salt and iterations. */
    public String last(Challenge challenge, ScramKeys keys) {
        String withoutProof = "c=" + Base64.getEncoder().encodeToString(cbindInput) + ",r=" + challenge.nonce();
        byte[] authMessage =
                (firstBare() + "," + challenge.serverFirst() + "," + withoutProof).getBytes(StandardCharsets.UTF_8);
        byte[] proof = ScramKeys.xor(keys.clientKey(), ScramKeys.hmac(keys.storedKey(), authMessage));
        expectedSignature = ScramKeys.hmac(keys.serverKey(), authMessage);
        return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
    }

    /** Reads server-final-message. If this returns, the server has proven that it knows our password's verifier. */
    public void verify(String serverFinal) throws ScramFailure {
        byte[] expected = expectedSignature;
        if (expected == null) {
            throw ScramFailure.malformed("SCRAM server-final-message came before our proof");
        }
        ScramMessage message = ScramMessage.read(serverFinal);
        if (message.nextIs('e')) {
            throw ScramFailure.notProven("the server ended SCRAM with an error");
        }
        byte[] signature = message.bytes('v');
        message.skipExtensions();
        if (!MessageDigest.isEqual(signature, expected)) {
            throw ScramFailure.notProven("the server's SCRAM signature does not match: it does not know the password");
        }
    }
}
