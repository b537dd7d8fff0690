// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads through two caches: by the exact text, then by the text's template. What neither has goes to a worker's parser. */
final class CachingStatementReader implements StatementReader {
    /** Longer texts are scanned by workers only, and not kept as they are. */
    static final int SHORT_TEXT = 32 * 1024;

    private static final int ENTRY_BYTES = 160;
    private static final int FACTS_BYTES = 1000;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(100_000)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(100_000)
                    .build())
            .build());

    /**
     * The reading of a template: shared by all its texts, or none where it depends on the constants. The list too is one and the same for all of
     * them, so that what is derived from it can be kept by identity.
     */
    private record Shared(List<StatementFacts> statements, String fingerprint) {
        static final Shared PER_TEXT = new Shared(List.of(), "");

        Shared {
            statements = List.copyOf(statements);
        }
    }

    private final StatementReaderSettings settings;
    private final ParserWorkers workers;
    private final Cache<String, Reading> texts;
    private final Cache<String, Shared> templates;

    CachingStatementReader(StatementReaderSettings settings) {
        this.settings = settings;
        workers = new ParserWorkers(settings.workers(), settings.waiting());
        texts = Caffeine.newBuilder()
                .maximumWeight(settings.exactCacheBytes())
                .weigher((String sql, Reading reading) -> ENTRY_BYTES + FACTS_BYTES + 2 * sql.length())
                .executor(Runnable::run)
                .build();
        templates = Caffeine.newBuilder()
                .maximumWeight(settings.templateCacheBytes())
                .weigher((String key, Shared shared) -> ENTRY_BYTES + 2 * key.length() + FACTS_BYTES * shared.statements().size())
                .executor(Runnable::run)
                .build();
    }

    @Override
    public @Nullable Reading readNow(String sql) {
        if (sql.length() > SHORT_TEXT) {
            return null;
        }
        Reading known = texts.getIfPresent(sql);
        if (known != null) {
            return known;
        }
        Template template = Template.of(sql);
        Shared shared = template == null ? null : templates.getIfPresent(template.key());
        return shared == null || shared == Shared.PER_TEXT ? null : understood(shared, sql);
    }

    @Override
    public CompletionStage<Reading> read(String sql) {
        Reading known = readNow(sql);
        if (known != null) {
            return CompletableFuture.completedStage(known);
        }
        return workers.submit(parsing -> readFresh(sql, parsing), reason -> refusal("XX000", reason, sql)).minimalCompletionStage();
    }

    @Override
    public CompletionStage<JsonNode> tree(String sql) {
        return workers.submit(parsing -> treeOf(sql, parsing), reason -> (JsonNode) MissingNode.getInstance()).minimalCompletionStage();
    }

    private JsonNode treeOf(String sql, ParserWorkers.Parsing parsing) {
        byte[] utf8 = beyondLimits(sql, null) == null ? utf8(sql) : null;
        return utf8 != null && parsing.parse(utf8) instanceof WasmParser.Answer.Tree tree ? json(tree) : MissingNode.getInstance();
    }

    @Override
    public void close() {
        workers.close();
    }

    private Reading readFresh(String sql, ParserWorkers.Parsing parsing) {
        Template template = Template.of(sql);
        if (template != null) {
            Shared shared = templates.getIfPresent(template.key());
            if (shared == null && template.tokens() <= settings.tokens() && template.depth() <= settings.depth()) {
                shared = readTemplate(template, parsing);
            }
            if (shared != null && shared != Shared.PER_TEXT) {
                return kept(sql, understood(shared, sql));
            }
        }
        return kept(sql, readText(sql, template, parsing));
    }

    private Reading kept(String sql, Reading reading) {
        if (sql.length() <= SHORT_TEXT && !(reading instanceof Reading.Refused)) {
            texts.put(sql, reading);
        }
        return reading;
    }

    /** Reads the template by a text that stands for all of its texts; null if that text is no SQL. */
    private @Nullable Shared readTemplate(Template template, ParserWorkers.Parsing parsing) {
        byte[] utf8 = utf8(template.representative());
        if (utf8 == null || utf8.length > settings.statementLength()) {
            return null;
        }
        if (!(parsing.parse(utf8) instanceof WasmParser.Answer.Tree tree)) {
            return null;
        }
        StatementWalk.Result result = facts(tree);
        Shared shared = result.dependsOnConstants() ? Shared.PER_TEXT : new Shared(result.statements(), template.fingerprint());
        templates.put(template.key(), shared);
        return shared;
    }

    private Reading readText(String sql, @Nullable Template template, ParserWorkers.Parsing parsing) {
        Reading refused = beyondLimits(sql, template);
        if (refused != null) {
            return refused;
        }
        byte[] utf8 = utf8(sql);
        if (utf8 == null) {
            return refusal("22021", "the statement holds a character that PostgreSQL does not take", sql);
        }
        return switch (parsing.parse(utf8)) {
            case WasmParser.Answer.Tree tree -> understood(facts(tree), template == null ? Template.digest(sql) : template.fingerprint(), sql);
            case WasmParser.Answer.Failure failure -> GrammarErrors.reading(failure, Secrets.redact(sql).sql());
        };
    }

    private @Nullable Reading beyondLimits(String sql, @Nullable Template template) {
        if (sql.length() > settings.statementLength()) {
            return refusal("54000", "the statement is longer than " + settings.statementLength() + " characters", sql);
        }
        TextMeasure measure = template == null ? TextMeasure.of(sql) : new TextMeasure(template.tokens(), template.depth());
        if (measure.tokens() > settings.tokens()) {
            return refusal("54000", "the statement has more than " + settings.tokens() + " words and signs", sql);
        }
        if (measure.depth() > settings.depth()) {
            return refusal("54001", "the statement is nested more than " + settings.depth() + " levels deep", sql);
        }
        return null;
    }

    private static StatementWalk.Result facts(WasmParser.Answer.Tree tree) {
        return StatementWalk.read(json(tree));
    }

    private static JsonNode json(WasmParser.Answer.Tree tree) {
        try {
            return JSON.readTree(tree.json());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Reading understood(Shared shared, String sql) {
        return new Reading.Understood(shared.statements(), shared.fingerprint(), sql);
    }

    /** Where constants change nothing there is no place for a secret: a text is then shown as others of its template are, however its strings are written. */
    private static Reading understood(StatementWalk.Result result, String fingerprint, String sql) {
        return result.dependsOnConstants()
                ? Reading.Understood.redacted(result.statements(), fingerprint, sql)
                : new Reading.Understood(result.statements(), fingerprint, sql);
    }

    private static Reading refusal(String sqlState, String reason, String sql) {
        return new Reading.Refused(sqlState, reason, Secrets.redact(sql).sql());
    }

    /** The text in UTF-8, or null if it cannot be: it holds U+0000 or half a surrogate pair. */
    private static byte @Nullable [] utf8(String sql) {
        if (sql.indexOf('\0') >= 0) {
            return null;
        }
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(sql));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException malformed) {
            return null;
        }
    }
}
