// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one SCRAM-SHA-256 exchange (RFC 5802, 7677; channel binding {@code tls-server-end-point} of RFC 5929). An object
 * is one exchange: {@link #first}, then {@link #last}, each once and in this order.
 */
public final class ScramServer {
    public static final String MECHANISM = "SCRAM-SHA-256";
    public static final String MECHANISM_PLUS = "SCRAM-SHA-256-PLUS";
    private static final String BOUND = "p=tls-server-end-point,,";

    private sealed interface Stage {
        record Start() implements Stage {}

        record Challenged(String gs2Header, String nonce, String authMessagePrefix) implements Stage {}

        record Done() implements Stage {}
    }

    private final ScramVerifier verifier;
    private final boolean genuine;
    private final boolean plusMechanism;
    private final byte @Nullable [] channelBinding;
    private final String serverNonce;
    private Stage stage = new Stage.Start();

    /**
     * @param verifier of the user, or a made-up one when there is no such user
     * @param genuine false for a made-up verifier: the exchange runs to its end and then fails, so that it tells nothing
     * @param plusMechanism whether the client selected {@link #MECHANISM_PLUS}
     * @param channelBinding the hash of our certificate if we offered {@link #MECHANISM_PLUS}, else null
     * @param serverNonce fresh random, printable, without comma, at least 18 characters
     */
    public ScramServer(ScramVerifier verifier, boolean genuine, boolean plusMechanism, byte @Nullable [] channelBinding, String serverNonce) {
        this.verifier = verifier;
        this.genuine = genuine;
        this.plusMechanism = plusMechanism;
        this.channelBinding = channelBinding == null ? null : channelBinding.clone();
        this.serverNonce = serverNonce;
    }

    /** Takes client-first-message, returns server-first-message. */
    public String first(String clientFirst) throws ScramFailure {
        if (!(stage instanceof Stage.Start)) {
            throw new IllegalStateException("client-first-message was read before");
        }
        stage = new Stage.Done();
        String gs2Header = gs2Header(clientFirst);
        String clientFirstBare = clientFirst.substring(gs2Header.length());
        ScramMessage rest = ScramMessage.read(clientFirstBare);
        // The name is empty or "*": PostgreSQL takes the user of the startup packet, and so do we.
        rest.value('n');
        String nonce = rest.nonce() + serverNonce;
        rest.skipExtensions();
        String serverFirst = "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(verifier.salt()) + ",i=" + verifier.iterations();
        stage = new Stage.Challenged(gs2Header, nonce, clientFirstBare + "," + serverFirst + ",");
        return serverFirst;
    }

    /** Takes client-final-message, returns server-final-message. The caller is proven if this returns. */
    public String last(String clientFinal) throws ScramFailure {
        if (!(stage instanceof Stage.Challenged challenged)) {
            throw new IllegalStateException("client-final-message is not due");
        }
        stage = new Stage.Done();
        ScramMessage message = ScramMessage.read(clientFinal);
        byte[] binding = message.bytes('c');
        String nonce = message.nonce();
        message.skipExtensionsUntil('p');
        byte[] proof = message.bytes('p');
        message.end();
        if (!nonce.equals(challenged.nonce())) {
            throw ScramFailure.malformed("SCRAM nonce is not the one of this exchange");
        }
        if (!Arrays.equals(binding, expectedBinding(challenged))) {
            throw ScramFailure.notProven("SCRAM channel binding does not match");
        }
        if (proof.length != ScramKeys.KEY_BYTES) {
            throw ScramFailure.malformed("SCRAM proof must be " + ScramKeys.KEY_BYTES + " bytes");
        }
        byte[] authMessage = (challenged.authMessagePrefix() + clientFinal.substring(0, clientFinal.lastIndexOf(",p="))).getBytes(StandardCharsets.UTF_8);
        byte[] clientKey = ScramKeys.xor(proof, ScramKeys.hmac(verifier.storedKey(), authMessage));
        boolean proven = MessageDigest.isEqual(ScramKeys.sha256(clientKey), verifier.storedKey());
        if (!(proven & genuine)) {
            throw ScramFailure.notProven("SCRAM proof does not match");
        }
        return "v=" + Base64.getEncoder().encodeToString(ScramKeys.hmac(verifier.serverKey(), authMessage));
    }

    /** The flag must say what was selected and offered; an authorization identity ("a=") is refused, as PostgreSQL does. */
    private String gs2Header(String clientFirst) throws ScramFailure {
        if (clientFirst.startsWith("p=")) {
            if (!plusMechanism || !clientFirst.startsWith(BOUND)) {
                throw ScramFailure.malformed("SCRAM channel binding must be tls-server-end-point with " + MECHANISM_PLUS + ", without authorization identity");
            }
            return BOUND;
        }
        if (plusMechanism) {
            throw ScramFailure.malformed(MECHANISM_PLUS + " was selected without channel binding");
        }
        if (clientFirst.startsWith("n,,")) {
            return "n,,";
        }
        if (clientFirst.startsWith("y,,")) {
            // "I could bind, but you did not offer it": if we did offer, somebody in between took the offer away.
            if (channelBinding != null) {
                throw ScramFailure.notProven("SCRAM channel binding was offered, yet the client believes it was not");
            }
            return "y,,";
        }
        throw ScramFailure.malformed("SCRAM message has no valid header, or names an authorization identity");
    }

    private byte[] expectedBinding(Stage.Challenged challenged) {
        byte[] header = challenged.gs2Header().getBytes(StandardCharsets.US_ASCII);
        if (!plusMechanism || channelBinding == null) {
            return header;
        }
        byte[] expected = Arrays.copyOf(header, header.length + channelBinding.length);
        System.arraycopy(channelBinding, 0, expected, header.length, channelBinding.length);
        return expected;
    }
}
