// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.statement.Access;
import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.RelationAccess;
import dev.sluice.gateway.statement.StatementFacts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells what masks have shown from what it stands for, when it comes back in a statement that writes: it would replace the value. */
public final class WrittenBack {
    private static final int HASH_BYTES = 16;
    private static final byte JSONB_VERSION = 1;

    private final MaskTokens tokens;
    private final List<Mask> shown;
    private final List<Mask.PathMask> shownWithin;
    private final BooleanSupplier mayReachTokens;

    private WrittenBack(MaskTokens tokens, List<Mask> shown, BooleanSupplier mayReachTokens) {
        this.tokens = tokens;
        this.shown = shown.stream().filter(WrittenBack::showsStars).toList();
        this.shownWithin = shown.stream()
                .flatMap(mask -> mask instanceof Mask.WithinJson(List<Mask.PathMask> paths) ? paths.stream() : Stream.empty())
                .filter(path -> showsStars(path.mask()))
                .toList();
        this.mayReachTokens = mayReachTokens;
    }

    /**
     * What to look for. Hashes and tokens count whatever is written, since they bear a sign; what other masks show counts only where a table is
     * written to that has them. So do numbers that bear the sign of a token, and may do so by chance: elsewhere they count if they were shown lately.
     *
     * @return null where nothing that is written could be of a mask
     */
    public static @Nullable WrittenBack of(BoundMasks masks, List<StatementFacts> statements, MaskTokens tokens) {
        if (masks.isEmpty() || statements.stream().noneMatch(WrittenBack::writes)) {
            return null;
        }
        List<Mask> shown = new ArrayList<>();
        statements.forEach(statement -> addShown(masks, statement, shown));
        boolean signed = masks.masks().stream().anyMatch(mask -> isSigned(mask.mask()));
        return signed || !shown.isEmpty() ? new WrittenBack(tokens, List.copyOf(shown), () -> statements.stream().anyMatch(statement -> mayReachTokens(masks, statement))) : null;
    }

    /** Whether a statement may write to a column that shows tokens: all that is written to is plain tables without one, or it may. */
    private static boolean mayReachTokens(BoundMasks masks, StatementFacts statement) {
        if (statement.inner().stream().anyMatch(inner -> mayReachTokens(masks, inner))) {
            return true;
        }
        List<RelationAccess> written = statement.relations().stream().filter(relation -> relation.access() == Access.INSERT || relation.access() == Access.UPDATE).toList();
        boolean plain = !written.isEmpty() && written.stream().allMatch(relation -> masks.isPlainWithout(relation.name(), WrittenBack::isSigned));
        return statement.effects().contains(Effect.WRITE) && !plain && (!written.isEmpty() || statement.inner().isEmpty());
    }

    private static boolean writes(StatementFacts statement) {
        return statement.effects().contains(Effect.WRITE) || statement.inner().stream().anyMatch(WrittenBack::writes);
    }

    private static void addShown(BoundMasks masks, StatementFacts statement, List<Mask> shown) {
        for (RelationAccess relation : statement.relations()) {
            if (relation.access() == Access.INSERT || relation.access() == Access.UPDATE) {
                masks.masksOfNamed(relation.name()).stream().map(BoundMask::mask).filter(mask -> showsStars(mask) || mask instanceof Mask.WithinJson).forEach(shown::add);
            }
        }
        statement.inner().forEach(inner -> addShown(masks, inner, shown));
    }

    private static boolean isSigned(Mask mask) {
        return switch (mask) {
            case Mask.Hash hash -> true;
            case Mask.Tokenize tokenize -> true;
            case Mask.WithinJson json -> json.paths().stream().anyMatch(path -> isSigned(path.mask()));
            case Mask.Redact redact -> false;
            case Mask.Partial partial -> false;
            case Mask.Nullify nullify -> false;
            case Mask.Generalize generalize -> false;
            case Mask.Deny deny -> false;
        };
    }

    private static boolean showsStars(Mask mask) {
        return mask instanceof Mask.Redact || mask instanceof Mask.Partial;
    }

    /** Whether the text is what a mask shows, or a json document or an array that holds it. */
    public boolean isShown(String text) {
        return WrittenParts.any(text, this::isPart);
    }

    /** @param path of keys that lead to the text in a document; null if it is in none */
    private boolean isPart(@Nullable List<String> path, String text) {
        return tokens.isOurToken(text) && (!tokens.isPerhapsChance(text) || mayReachTokens.getAsBoolean())
                || text.contains(Redacted.TEXT) && isShownInAsterisks(path, text);
    }

    private boolean isShownInAsterisks(@Nullable List<String> path, String text) {
        return shown.stream().anyMatch(mask -> isShown(mask, text))
                || shownWithin.stream().anyMatch(within -> isShown(within.mask(), text) && (path == null || mayLeadTo(path, within.path())));
    }

    /** Whether a document that is written, a part of one, or a document that holds one (a row as json) has a place there that the mask's path leads to. */
    private static boolean mayLeadTo(List<String> place, JsonPath path) {
        List<String> keys = path.keys();
        int shared = Math.min(place.size(), keys.size());
        return place.subList(place.size() - shared, place.size()).equals(keys.subList(keys.size() - shared, keys.size()));
    }

    /** An expression over a column with a partial mask, and a type that has no ends, are redacted. */
    private static boolean isShown(Mask mask, String text) {
        boolean ends = mask instanceof Mask.Partial(int first, int last)
                && (text.equals(TextMasks.HIDDEN) || text.length() == first + TextMasks.HIDDEN.length() + last && text.startsWith(TextMasks.HIDDEN, first));
        return ends || text.equals(Redacted.TEXT);
    }

    /** The same for a value in a binary format, as far as its bytes tell its type: texts, json and jsonb, uuid and bytea, bigint, and arrays of these. */
    public boolean isShown(byte[] value) {
        return isShownScalar(value) || WrittenParts.anyElement(value, this::isShownScalar);
    }

    /** An array has no arrays for elements: bytes within bytes are not looked through again, however they are laid out. */
    private boolean isShownScalar(byte[] value) {
        if (value.length == HASH_BYTES && tokens.isOurToken(HexFormat.of().formatHex(value))) {
            return true;
        }
        if (value.length == Long.BYTES && isShown(Long.toString(ByteBuffer.wrap(value).getLong()))) {
            return true;
        }
        int start = value.length > 0 && value[0] == JSONB_VERSION ? 1 : 0;
        return isShown(new String(value, start, value.length - start, StandardCharsets.UTF_8));
    }

    /** Looks through the data of a COPY into the server, which comes in pieces. */
    public Rows rows() {
        return new Rows(field -> isPart(null, field));
    }

    /**
     * COPY data in text or CSV, cut at what may part two values, elements of an array or parts of a document: a field that holds such a character itself
     * is not recognised. In the binary format nothing is. For one thread.
     */
    public static final class Rows {
        private static final int LONGEST = 4_096;

        private final Predicate<String> shown;
        private final byte[] field = new byte[LONGEST];
        private int length;
        private boolean tooLong;

        private Rows(Predicate<String> shown) {
            this.shown = shown;
        }

        /** Whether a value that ends within these bytes is what a mask shows. */
        public boolean feed(byte[] data) {
            for (byte next : data) {
                switch (next) {
                    case '\t', '\n', '\r', ',', ';', '|', '"', '{', '}' -> {
                        if (ends()) {
                            return true;
                        }
                    }
                    default -> {
                        if (length < LONGEST) {
                            field[length++] = next;
                        } else {
                            tooLong = true;
                        }
                    }
                }
            }
            return false;
        }

        /** Whether the value is one that the data ends with. */
        public boolean ends() {
            boolean found = length > 0 && !tooLong && shown.test(new String(Arrays.copyOf(field, length), StandardCharsets.UTF_8));
            length = 0;
            tooLong = false;
            return found;
        }
    }
}
