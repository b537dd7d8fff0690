// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Masks values inside a json document and leaves every other byte as it is. Text becomes text, numbers numbers; objects and arrays null. */
final class JsonMasker {
    /** PostgreSQL takes documents that are deeper and have longer numbers than the library would by itself. */
    static final JsonFactory JSON = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(20_000)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final String NULL = "null";

    private final Mask.WithinJson mask;
    private final MaskTokens tokens;

    JsonMasker(Mask.WithinJson mask, MaskTokens tokens) {
        this.mask = mask;
        this.tokens = tokens;
    }

    byte[] mask(byte[] document) {
        ByteArrayOutputStream masked = new ByteArrayOutputStream(document.length + 32);
        List<String> path = new ArrayList<>();
        int copied = 0;
        try (JsonParser parser = JSON.createParser(document)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    path.add("");
                } else if (token == JsonToken.END_OBJECT) {
                    path.removeLast();
                } else if (token == JsonToken.FIELD_NAME) {
                    path.set(path.size() - 1, parser.currentName());
                    Mask applies = applying(path);
                    if (applies != null) {
                        JsonToken value = parser.nextToken();
                        int start = (int) parser.currentTokenLocation().getByteOffset();
                        String shown = shown(applies, value, parser);
                        masked.write(document, copied, start - copied);
                        masked.writeBytes(MaskTokens.utf8(shown));
                        copied = end(parser);
                    }
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            throw new MaskingFailed("a json document could not be read to its end");
        }
        masked.write(document, copied, document.length - copied);
        return masked.toByteArray();
    }

    private static int end(JsonParser parser) throws IOException {
        parser.skipChildren();
        parser.finishToken();
        return (int) parser.currentLocation().getByteOffset();
    }

    /** Of several masks the one that shows least. */
    private @Nullable Mask applying(List<String> path) {
        Mask applies = null;
        for (Mask.PathMask each : mask.paths()) {
            List<String> keys = each.path().keys();
            int from = path.size() - keys.size();
            if (from >= 0 && (from == 0 || each.path().anywhere()) && path.subList(from, path.size()).equals(keys)) {
                applies = applies == null ? each.mask() : Mask.stricter(applies, each.mask());
            }
        }
        return applies;
    }

    private String shown(Mask applies, JsonToken token, JsonParser parser) throws IOException {
        return switch (token) {
            case VALUE_STRING -> applies instanceof Mask.Nullify ? NULL : quoted(text(applies, parser.getText()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(applies, parser.getText());
            case VALUE_TRUE, VALUE_FALSE -> applies instanceof Mask.Redact ? "false" : NULL;
            default -> NULL;
        };
    }

    private String text(Mask applies, String value) {
        return switch (applies) {
            case Mask.Partial partial -> TextMasks.partial(value, partial);
            case Mask.Hash() -> tokens.hashText(MaskTokens.utf8(value));
            case Mask.Tokenize() -> tokens.tokenizer().tokenize(value);
            case Mask.Redact() -> Redacted.TEXT;
            case Mask.Generalize ignored -> Redacted.TEXT;
            case Mask.Nullify() -> throw new MaskingFailed("a mask is not for text");
            case Mask.Deny() -> throw new MaskingFailed("a part of a document that must not be shown is in the result");
            case Mask.WithinJson ignored -> throw new MaskingFailed("a mask within json cannot be within json");
        };
    }

    private String number(Mask applies, String value) {
        return switch (applies) {
            case Mask.Hash() -> quoted(tokens.hashText(MaskTokens.utf8(value)));
            case Mask.Generalize(var to, BigDecimal bucket) -> {
                BigDecimal number = bucket == null ? null : Generalized.parse(value);
                yield number == null ? "0" : Generalized.floor(number, bucket).toPlainString();
            }
            case Mask.Redact() -> "0";
            case Mask.Partial ignored -> "0";
            default -> NULL;
        };
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}
