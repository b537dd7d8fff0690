// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Stand-ins for values, made with a key that belongs to a target: the same for the same value, nothing without the key, and recognised when
 * they come back. A hash is 16 bytes: 12 of HMAC-SHA-256 over the value, and 4 of HMAC-SHA-256 over those as the sign. For use by
 * many threads.
 */
public final class MaskTokens {
    /** Bytes of the key, as many as the hash has. */
    public static final int KEY_BYTES = 32;

    private static final int VALUE_BYTES = 12;
    private static final int HASH_BYTES = 16;
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern BYTEA = Pattern.compile("\\\\x[0-9a-f]{32}");
    /** Of a uuid. */
    private static final int LONGEST_HASH = 36;

    private static final Pattern ESCAPED = Pattern.compile("[ -\\[\\]-~]*\\\\([0-3][0-7]{2}|\\\\)([ -\\[\\]-~]|\\\\([0-3][0-7]{2}|\\\\))*");
    private static final int LONGEST_ESCAPED = 4 * HASH_BYTES;

    private final SecretKeySpec key;
    private final ThreadLocal<Mac> macs;
    private final Tokenizer tokenizer;

    /**
     * The stand-ins of one target.
     *
     * @param key {@link #KEY_BYTES} secret bytes; with another key every stand-in is another
     */
    public MaskTokens(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key for masks has " + KEY_BYTES + " bytes, not " + key.length);
        }
        this.key = new SecretKeySpec(key, "HmacSHA256");
        this.macs = ThreadLocal.withInitial(this::newMac);
        this.tokenizer = new Tokenizer(this);
    }

    private Mac newMac() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("every Java runtime has HMAC-SHA-256", impossible);
        }
    }

    /** 32 bytes that nobody can make without the key, different for different purposes. */
    byte[] mac(char purpose, byte[] value) {
        Mac mac = macs.get();
        mac.update((byte) purpose);
        return mac.doFinal(value);
    }

    /**
     * 64 hexadecimal digits that stand for all of the texts in their order: the same for the same ones, others for others, and without the key nobody can
     * try out what they might have been.
     */
    public String seal(List<String> texts) {
        Mac mac = macs.get();
        mac.update((byte) 'q');
        for (String text : texts) {
            byte[] bytes = utf8(text);
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            mac.update(bytes);
        }
        return HexFormat.of().formatHex(mac.doFinal());
    }

    /** 16 bytes in place of a value. */
    byte[] hash(byte[] value) {
        byte[] hash = new byte[HASH_BYTES];
        System.arraycopy(mac('h', value), 0, hash, 0, VALUE_BYTES);
        sign(hash);
        return hash;
    }

    private void sign(byte[] hash) {
        byte[] signed = new byte[VALUE_BYTES];
        System.arraycopy(hash, 0, signed, 0, VALUE_BYTES);
        System.arraycopy(mac('s', signed), 0, hash, VALUE_BYTES, HASH_BYTES - VALUE_BYTES);
    }

    /** 32 hexadecimal digits in place of a value. */
    String hashText(byte[] value) {
        return HexFormat.of().formatHex(hash(value));
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * Whether the text is one of our hashes or tokens, so that writing it would replace a value by its mask. What {@code redact}, {@code partial}
     * and {@code generalize} show bears no sign, nor do tokens of fewer than {@value Tokenizer#SHORTEST_SIGNED} letters and digits, or
     * {@value Tokenizer#SHORTEST_SIGNED_PHONE} behind a plus sign. One in 100,000 texts of a token's shape that we did not make is taken for one, and
     * one in 10,000 telephone numbers of ten or eleven digits.
     */
    public boolean isOurToken(String text) {
        if (text.length() <= Tokenizer.SHORTEST_SIGNED_PHONE) {
            return false;
        }
        byte[] escaped = escaped(text);
        if (escaped != null) {
            return isOurHash(HexFormat.of().formatHex(escaped));
        }
        String candidate = text.strip();
        String hash = writtenHash(candidate);
        return hash == null ? tokenizer.isOurs(candidate) : isOurHash(hash);
    }

    /** The digits of what has the shape of a hash; null if it has not. Told by the length first: most of what is written has none of these. */
    private static @Nullable String writtenHash(String candidate) {
        String lower = candidate.length() < 2 * HASH_BYTES || candidate.length() > LONGEST_HASH ? "" : candidate.toLowerCase(Locale.ROOT);
        if (HASH.matcher(lower).matches()) {
            return lower;
        }
        if (UUID.matcher(lower).matches()) {
            return lower.replace("-", "");
        }
        return BYTEA.matcher(lower).matches() ? lower.substring(2) : null;
    }

    /**
     * Whether a text that {@link #isOurToken} may be so by chance. Not if it is a hash, if its sign has letters, or if this gateway is one that has
     * shown it and not {@value ShownTokens#ENTRIES} others since.
     */
    boolean isPerhapsChance(String text) {
        String candidate = text.strip();
        return tokenizer.isOurs(candidate) && tokenizer.isPerhapsChance(candidate);
    }

    /** As many bytes as a hash has, written in bytea's escape format (PostgreSQL's manual, 8.4.2), in which drivers show binary values as texts. */
    private static byte @Nullable [] escaped(String text) {
        if (text.length() <= HASH_BYTES || text.length() > LONGEST_ESCAPED || text.indexOf('\\') < 0 || !ESCAPED.matcher(text).matches()) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next != '\\') {
                bytes.put((byte) next);
            } else if (text.charAt(i + 1) == '\\') {
                bytes.put((byte) '\\');
                i++;
            } else {
                bytes.put((byte) Integer.parseInt(text, i + 1, i + 4, 8));
                i += 3;
            }
        }
        return bytes.position() == HASH_BYTES ? Arrays.copyOf(bytes.array(), HASH_BYTES) : null;
    }

    private boolean isOurHash(String hex) {
        byte[] hash = HexFormat.of().parseHex(hex);
        byte[] again = hash.clone();
        sign(again);
        return java.security.MessageDigest.isEqual(hash, again);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Never shows the key. */
    @Override
    public String toString() {
        return "MaskTokens[***]";
    }
}
