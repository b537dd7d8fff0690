// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.config.Suggestion;
import dev.sluice.gateway.masking.ColumnPattern;
import dev.sluice.gateway.masking.Mask;
import dev.sluice.gateway.masking.MaskRule;
import dev.sluice.gateway.masking.Uses;
import dev.sluice.gateway.masking.VouchedFunction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code masks} and {@code vouch}. */
final class MaskReader {
    static final List<String> MASK_KEYS = List.of("name", "columns", "with", "unless", "only", "predicates", "joins", "orderBy", "groupBy");
    static final List<String> MASK_WORDS = List.of("redact", "partial", "hash", "tokenize", "nullify", "generalize", "deny");
    static final List<String> PARTIAL_KEYS = List.of("keepFirst", "keepLast");
    static final List<String> GENERALIZE_KEYS = List.of("to", "bucket");
    static final List<String> VOUCH_KEYS = List.of("function", "sha256");

    private static final int MAX_MASKS = 500;
    private static final int MAX_COLUMNS = 200;
    private static final int MAX_KEPT = 100;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern BUCKET = Pattern.compile("[0-9]{1,15}(\\.[0-9]{1,9})?");
    private static final Pattern FUNCTION = Pattern.compile("([^.\\s]+)\\.([^.\\s]+)");
    private static final Mask UNUSED = new Mask.Redact();

    /** Whether something that tells about values may be done. */
    private enum Permission {
        ALLOW,
        DENY
    }

    private final PolicySource source;
    private final Conditions conditions = new Conditions(Conditions.MASK_VARIABLES);

    MaskReader(PolicySource source) {
        this.source = source;
    }

    Masks read(ObjectNode root, JsonPointer top) {
        return new Masks(masks(root.get("masks"), top.appendProperty("masks")), vouched(root.get("vouch"), top.appendProperty("vouch")));
    }

    private List<Masks.Entry> masks(@Nullable JsonNode node, JsonPointer at) {
        List<Masks.Entry> masks = new ArrayList<>();
        if (source.isList(node, at, "masks", MAX_MASKS)) {
            for (int i = 0; i < node.size(); i++) {
                JsonPointer entry = at.appendIndex(i);
                if (source.isMapping(node.get(i), entry, "a mask")) {
                    masks.add(mask((ObjectNode) node.get(i), entry));
                }
            }
        }
        return masks;
    }

    private Masks.Entry mask(ObjectNode node, JsonPointer at) {
        source.refuseUnknown(node, at, MASK_KEYS);
        List<ColumnPattern> columns = columns(node.get("columns"), at.appendProperty("columns"));
        Mask mask = with(node.get("with"), at);
        if (mask instanceof Mask.Deny && columns.stream().anyMatch(column -> column.path() != null)) {
            source.problem(at.appendProperty("with"), "deny is for whole columns; a part of a json document can be nullified or redacted");
        }
        String name = node.has("name") ? node.get("name").asText() : columns.isEmpty() ? "" : columns.getFirst().toString();
        if (name.isBlank() && !columns.isEmpty()) {
            source.problem(at.appendProperty("name"), "a mask's name must not be empty; leave it out to name the mask by its first column");
        }
        Uses uses = new Uses(
                source.choice(node.get("predicates"), at.appendProperty("predicates"), "predicates", Uses.Predicates.class, Uses.Predicates.DENY),
                allowed(node, at, "joins", false),
                allowed(node, at, "orderBy", false),
                allowed(node, at, "groupBy", mask.keepsEquality()));
        return new Masks.Entry(new MaskRule(name, columns, mask, uses), source.callers(conditions, node, at), exemption(node));
    }

    private static String exemption(ObjectNode node) {
        return Stream.of("unless", "only").filter(node::has).map(key -> key + " " + node.get(key).asText()).collect(Collectors.joining("; "));
    }

    private boolean allowed(ObjectNode node, JsonPointer at, String key, boolean standard) {
        Permission permission =
                source.choice(node.get(key), at.appendProperty(key), key, Permission.class, standard ? Permission.ALLOW : Permission.DENY);
        return permission == Permission.ALLOW;
    }

    private List<ColumnPattern> columns(@Nullable JsonNode node, JsonPointer at) {
        List<ColumnPattern> columns = new ArrayList<>();
        if (node == null) {
            source.problem(at, "a mask needs columns; write a list such as ['public.customers.ssn', '*.*.card_number']");
        } else if (source.isList(node, at, "columns", MAX_COLUMNS)) {
            if (node.isEmpty()) {
                source.problem(at, "columns must name at least one column");
            }
            for (int i = 0; i < node.size(); i++) {
                column(node.get(i), at.appendIndex(i)).ifPresent(columns::add);
            }
        }
        return columns;
    }

    private Optional<ColumnPattern> column(JsonNode node, JsonPointer at) {
        try {
            if (node.isTextual()) {
                return Optional.of(ColumnPattern.parse(node.asText()));
            }
            source.problem(at, "a column must be a text such as public.customers.ssn");
        } catch (IllegalArgumentException wrong) {
            source.problem(at, wrong.getMessage());
        }
        return Optional.empty();
    }

    private Mask with(@Nullable JsonNode node, JsonPointer mask) {
        JsonPointer at = mask.appendProperty("with");
        if (node == null) {
            source.problem(mask, "a mask needs 'with'; say one of " + String.join(", ", MASK_WORDS));
            return UNUSED;
        }
        if (node.isTextual()) {
            return word(node.asText(), at);
        }
        if (!(node instanceof ObjectNode mapping) || mapping.size() != 1) {
            source.problem(at, "expected one of " + String.join(", ", MASK_WORDS));
            return UNUSED;
        }
        String word = mapping.fieldNames().next();
        JsonPointer inside = at.appendProperty(word);
        return switch (word) {
            case "partial" -> partial(mapping.get(word), inside);
            case "generalize" -> generalize(mapping.get(word), inside);
            default -> {
                if (MASK_WORDS.contains(word)) {
                    source.problem(inside, word + " has no terms; write 'with: " + word + "'");
                    yield UNUSED;
                }
                yield word(word, at);
            }
        };
    }

    private Mask word(String word, JsonPointer at) {
        return switch (word) {
            case "redact" -> new Mask.Redact();
            case "hash" -> new Mask.Hash();
            case "tokenize" -> new Mask.Tokenize();
            case "nullify" -> new Mask.Nullify();
            case "deny" -> new Mask.Deny();
            case "partial" -> {
                source.problem(at, "partial needs terms; write {partial: {keepLast: 4}}");
                yield UNUSED;
            }
            case "generalize" -> {
                source.problem(at, "generalize needs terms; write {generalize: {to: year}} or {generalize: {bucket: 10}}");
                yield UNUSED;
            }
            default -> {
                source.problem(at, "'" + word + "' is no mask" + Suggestion.among(MASK_WORDS, word));
                yield UNUSED;
            }
        };
    }

    private Mask partial(JsonNode node, JsonPointer at) {
        if (!source.isMapping(node, at, "partial")) {
            return UNUSED;
        }
        source.refuseUnknown((ObjectNode) node, at, PARTIAL_KEYS);
        int first = kept(node, at, "keepFirst");
        int last = kept(node, at, "keepLast");
        if (node.isEmpty()) {
            source.problem(at, "partial must keep something; to keep nothing write 'with: redact'");
        }
        return new Mask.Partial(first, last);
    }

    private int kept(JsonNode node, JsonPointer at, String key) {
        JsonNode given = node.get(key);
        if (given == null) {
            return 0;
        }
        if (!given.isIntegralNumber() || given.asLong() < 0 || given.asLong() > MAX_KEPT) {
            source.problem(at.appendProperty(key), key + " must be a whole number from 0 to " + MAX_KEPT + ", but is '" + given.asText() + "'");
            return 0;
        }
        return given.asInt();
    }

    private Mask generalize(JsonNode node, JsonPointer at) {
        if (!source.isMapping(node, at, "generalize")) {
            return UNUSED;
        }
        source.refuseUnknown((ObjectNode) node, at, GENERALIZE_KEYS);
        if (!node.has("to") && !node.has("bucket")) {
            source.problem(at, "generalize needs 'to' for dates, 'bucket' for numbers, or both");
        }
        Mask.Precision precision = node.has("to")
                ? source.choice(node.get("to"), at.appendProperty("to"), "to", Mask.Precision.class, Mask.Precision.YEAR)
                : null;
        return new Mask.Generalize(precision, node.has("bucket") ? bucket(node.get("bucket").asText(), at.appendProperty("bucket")) : null);
    }

    private @Nullable BigDecimal bucket(String text, JsonPointer at) {
        if (!BUCKET.matcher(text).matches() || new BigDecimal(text).signum() == 0) {
            source.problem(at, "bucket must be a number above zero, of at most 15 digits before and 9 behind the point, but is '" + text + "'");
            return null;
        }
        return new BigDecimal(text);
    }

    private Set<VouchedFunction> vouched(@Nullable JsonNode node, JsonPointer at) {
        Set<VouchedFunction> vouched = new HashSet<>();
        if (source.isList(node, at, "vouch", MAX_MASKS)) {
            for (int i = 0; i < node.size(); i++) {
                JsonPointer entry = at.appendIndex(i);
                if (source.isMapping(node.get(i), entry, "a vouched function")) {
                    source.refuseUnknown((ObjectNode) node.get(i), entry, VOUCH_KEYS);
                    vouchedFunction(node.get(i), entry).ifPresent(vouched::add);
                }
            }
        }
        return vouched;
    }

    private Optional<VouchedFunction> vouchedFunction(JsonNode node, JsonPointer at) {
        var function = FUNCTION.matcher(node.path("function").asText());
        String hash = node.path("sha256").asText();
        boolean named = function.matches();
        if (!named) {
            source.problem(at.appendProperty("function"), "function must be schema.name, but is '" + node.path("function").asText() + "'");
        }
        if (!SHA256.matcher(hash).matches()) {
            source.problem(at.appendProperty("sha256"), "sha256 must be 64 hexadecimal digits in lower case: the hash of the function's language and body");
            return Optional.empty();
        }
        return named ? Optional.of(new VouchedFunction(function.group(1), function.group(2), hash)) : Optional.empty();
    }
}
