// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.DataType;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.gateway.statement.StatementReader;
import dev.sluice.gateway.statement.StatementReaderSettings;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenBackTest {
    /** Of an array that is itself the only element of one: header, one dimension, the element's size. */
    private static final int ARRAY_LAYER = 24;

    private static final MaskTokens TOKENS = new MaskTokens(new byte[MaskTokens.KEY_BYTES]);
    private static final StatementReader READER = StatementReader.start(StatementReaderSettings.DEFAULTS);
    private static final Catalog CATALOG = new Catalog(
            "shop",
            18,
            "v",
            List.of(
                    new Relation(
                            20_000, "public", "people", RelationKind.TABLE,
                            List.of(new Column(1, "email", Oids.TEXT, -1), new Column(2, "card", Oids.TEXT, -1), new Column(3, "ssn", Oids.TEXT, -1)), List.of(), Set.of(), Set.of()),
                    new Relation(20_001, "public", "notes", RelationKind.TABLE, List.of(new Column(1, "body", Oids.TEXT, -1)), List.of(), Set.of(), Set.of()),
                    new Relation(20_002, "public", "faces", RelationKind.VIEW, List.of(new Column(1, "email", Oids.TEXT, -1)), List.of(), Set.of(20_000), Set.of()),
                    new Relation(
                            20_003, "public", "papers", RelationKind.TABLE,
                            List.of(new Column(1, "profile", Oids.JSONB, -1), new Column(2, "title", Oids.TEXT, -1)), List.of(), Set.of(), Set.of())),
            List.of(),
            List.of(new DataType(Oids.JSONB, "pg_catalog", "jsonb", DataType.Kind.BASE, 'U', 0, -1)),
            Set.of());
    private static final BoundMasks MASKS = new MaskRules(
                    List.of(rule("email", new Mask.Hash()), rule("card", new Mask.Partial(1, 4)), rule("ssn", new Mask.Redact()),
                            new MaskRule(
                                    "papers",
                                    List.of(ColumnPattern.parse("public.papers.profile->'id'->'ssn'"), ColumnPattern.parse("public.papers.profile..code")),
                                    new Mask.Partial(0, 2),
                                    new Uses(Uses.Predicates.DENY, false, false, false))),
                    Set.of())
            .bind(CATALOG);

    @AfterAll
    static void stop() {
        READER.close();
    }

    private static MaskRule rule(String column, Mask mask) {
        return new MaskRule(column, List.of(ColumnPattern.parse("public.people." + column)), mask, new Uses(Uses.Predicates.DENY, false, false, false));
    }

    private static List<StatementFacts> read(String sql) {
        return READER.read(sql).toCompletableFuture().join() instanceof Reading.Understood understood ? understood.statements() : List.of();
    }

    private static WrittenBack written(String sql) {
        return Objects.requireNonNull(WrittenBack.of(MASKS, read(sql), TOKENS));
    }

    @Test
    void looksAtNothingThatWritesNothing() {
        assertThat(WrittenBack.of(MASKS, read("SELECT * FROM people WHERE email = 'x'"), TOKENS)).isNull();
    }

    @Test
    void knowsSignedStandInsWhateverIsWritten() {
        String hash = TOKENS.hashText("ann@corp.test".getBytes(UTF_8));
        assertThat(written("INSERT INTO notes VALUES (1)").isShown(hash)).isTrue();
        assertThat(written("INSERT INTO notes VALUES (1)").isShown(TOKENS.hash("ann@corp.test".getBytes(UTF_8)))).isTrue();
        assertThat(written("INSERT INTO notes VALUES (1)").isShown("another text")).isFalse();
    }

    @Test
    void knowsAsterisksOnlyWhereTheTableShowsThem() {
        WrittenBack elsewhere = written("INSERT INTO notes VALUES (1)");
        WrittenBack there = written("UPDATE people SET card = 'x'");
        for (String shown : List.of("***", "****", "4****0001")) {
            assertThat(there.isShown(shown)).as(shown).isTrue();
            assertThat(elsewhere.isShown(shown)).as(shown).isFalse();
        }
        assertThat(there.isShown("4****00012")).isFalse();
        assertThat(there.isShown("4000000000000001")).isFalse();
    }

    @Test
    void countsANumberThatWasShownWhateverIsWritten() {
        String token = TOKENS.tokenizer().tokenize("4111111111111111");
        assertThat(written("INSERT INTO notes VALUES (1)").isShown(token)).isTrue();
        assertThat(written("INSERT INTO notes VALUES (1)").isShown(token.replaceAll("(\\d{4})(?!$)", "$1 "))).isTrue();
    }

    @Test
    void countsANumberThatOnlyLooksLikeATokenWhereTokensBelong() {
        String chance = LongStream.range(100_000_000_000L, 101_000_000_000L).mapToObj(Long::toString).filter(TOKENS::isOurToken).findFirst().orElseThrow();
        for (String sql : List.of(
                "UPDATE people SET email = 'x'", "INSERT INTO faces VALUES ('x')", "INSERT INTO unknown VALUES ('x')", "WITH n AS (INSERT INTO people VALUES ('x')) INSERT INTO notes VALUES ('y')")) {
            assertThat(written(sql).isShown(chance)).as(sql).isTrue();
        }
        for (String sql : List.of("INSERT INTO notes VALUES ('x')", "COPY notes FROM STDIN", "UPDATE notes SET body = 'x'")) {
            assertThat(written(sql).isShown(chance)).as(sql).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"note\": {\"any\": \"***\"}}",
                "[1, \"4****0001\"]",
                " \"***\" ",
                "{***}",
                "{plain,\"***\"}",
                "[0:1]={plain,****}",
                "{{a,b},{c,\"***\"}}",
                "{\"{\\\"ssn\\\": \\\"***\\\"}\"}",
                "{\"quoted\": \"{\\\"ssn\\\": \\\"***\\\"}\"}"
            })
    void looksIntoDocumentsAndArrays(String value) {
        assertThat(written("UPDATE people SET card = 'x'").isShown(value)).isTrue();
        assertThat(written("UPDATE notes SET body = 'x'").isShown(value)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"text\": \"it is ***\"}", "{plain,\"a *** b\"}", "{\"***\": 1}", "{\"open\": ", "{\"open", "[", "{", "{}", "it is {***}"})
    void findsNothingInTextsThatOnlyContainThem(String value) {
        assertThat(written("UPDATE people SET card = 'x'").isShown(value)).isFalse();
    }

    @Test
    void knowsSignedStandInsWithinDocumentsWhateverIsWritten() {
        String hash = TOKENS.hashText("ann@corp.test".getBytes(UTF_8));
        String card = TOKENS.tokenizer().tokenize("4111111111111111");
        for (String value : List.of("{\"mail\": [\"" + hash + "\"]}", "{\"card\": " + card + "}", "{1," + card + "}", "{NULL," + hash + "}")) {
            assertThat(written("INSERT INTO notes VALUES (1)").isShown(value)).as(value).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\": {\"ssn\": \"****01\"}} | true",
                "{\"id\": [{\"ssn\": \"***\"}]} | true",
                "{\"ssn\": \"****01\"} | true",
                "\"****01\" | true",
                "****01 | true",
                "{\"deep\": {\"code\": \"****\"}} | true",
                "{\"ssn\": \"****012\"} | false",
                "{\"title\": \"***\"} | false",
                "[{\"profile\": {\"id\": {\"ssn\": \"***\"}}}] | true",
                "{\"rows\": [{\"profile\": {\"deep\": {\"code\": \"****\"}}}]} | true",
                "{\"other\": {\"ssn\": \"***\"}} | false",
                "{\"profile\": {\"other\": {\"ssn\": \"***\"}}} | false",
                "{\"id\": {\"ssn\": {\"a\": \"***\"}}} | false",
                "{\"code\": {\"rated\": \"***\"}} | false"
            })
    void looksWherePathsLead(String value, boolean shown) {
        assertThat(written("UPDATE papers SET profile = 'x'").isShown(value)).isEqualTo(shown);
    }

    @Test
    void looksIntoBinaryDocumentsAndArrays() {
        WrittenBack there = written("UPDATE people SET card = 'x'");
        byte[] document = "{\"any\": \"***\"}".getBytes(UTF_8);
        assertThat(there.isShown(document)).isTrue();
        assertThat(there.isShown(Redacted.jsonb(document))).isTrue();
        ByteBuffer array = ByteBuffer.allocate(39).putInt(1).putInt(1).putInt(Oids.TEXT).putInt(3).putInt(1);
        array.putInt(-1).putInt(1).put((byte) 'x').putInt(4).put("****".getBytes(UTF_8));
        assertThat(there.isShown(Arrays.copyOf(array.array(), array.position()))).isTrue();
        assertThat(there.isShown(Arrays.copyOf(array.array(), array.position() - 1))).isFalse();
        assertThat(there.isShown(Arrays.copyOf(array.array(), array.position() + 1))).isFalse();
    }

    @Test
    void looksThroughNoArraysWithinArrays() {
        ByteBuffer nested = ByteBuffer.allocate(1 << 20);
        while (nested.remaining() >= ARRAY_LAYER) {
            nested.putInt(1).putInt(0).putInt(Oids.TEXT).putInt(1).putInt(1).putInt(nested.remaining() - Integer.BYTES);
        }
        assertThat(written("UPDATE people SET card = 'x'").isShown(nested.array())).isFalse();
    }

    @Test
    void findsThemInDocumentsAndArraysOfCopyData() {
        for (String data : List.of("1\t{\"id\": {\"ssn\": \"****01\"}}\n", "1,\"{\"\"id\"\": {\"\"ssn\"\": \"\"***\"\"}}\"\n", "{plain,****01}\n")) {
            assertThat(written("COPY papers FROM STDIN").rows().feed(data.getBytes(UTF_8))).as(data).isTrue();
        }
    }

    @Test
    void findsThemInCopyDataThatComesInPieces() {
        byte[] data = ("1\tplain\n2\t" + TOKENS.hashText(new byte[] {1}) + "\n").getBytes(UTF_8);
        WrittenBack.Rows rows = written("INSERT INTO notes VALUES (1)").rows();
        boolean found = false;
        for (byte next : data) {
            found |= rows.feed(new byte[] {next});
        }
        assertThat(found).isTrue();
        WrittenBack.Rows plain = written("INSERT INTO notes VALUES (1)").rows();
        assertThat(plain.feed("1\tplain\n".getBytes(UTF_8))).isFalse();
        assertThat(plain.ends()).isFalse();
    }
}
