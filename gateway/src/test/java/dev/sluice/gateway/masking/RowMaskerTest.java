// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.DataType;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import dev.sluice.gateway.wire.BackendMessage.Column;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowMaskerTest {
    private static final Catalog CATALOG = new Catalog(
            "shop",
            18,
            "v",
            List.of(new Relation(
                    20_000,
                    "public",
                    "customers",
                    RelationKind.TABLE,
                    List.of(new dev.sluice.gateway.catalog.Column(1, "name", Oids.TEXT, -1), new dev.sluice.gateway.catalog.Column(2, "ssn", Oids.TEXT, -1)),
                    List.of(),
                    Set.of(),
                    Set.of())),
            List.of(),
            List.of(
                    new DataType(Oids.TEXT, "pg_catalog", "text", DataType.Kind.BASE, 'S', 0, -1),
                    new DataType(Oids.INT4, "pg_catalog", "int4", DataType.Kind.BASE, 'N', 0, -1)),
            Set.of());
    private static final BoundMasks MASKS = new MaskRules(
                    List.of(new MaskRule("r", List.of(ColumnPattern.parse("*.*.ssn")), new Mask.Hash(), new Uses(Uses.Predicates.DENY, false, false, false))), Set.of())
            .bind(CATALOG);
    private static final MaskTokens TOKENS = new MaskTokens(new byte[MaskTokens.KEY_BYTES]);
    private static final int MAX_ROW = 1_000;

    private static Column column(int typeOid, int table, int number) {
        return new Column("c", table, number, typeOid, -1, -1, 0);
    }

    private static RowMasker masker(@Nullable Mask... masks) {
        return RowMasker.create(
                new MaskPlan.Columns(Arrays.asList(masks), List.of()),
                List.of(column(Oids.TEXT, 0, 0), column(Oids.TEXT, 0, 0), column(Oids.INT4, 0, 0)),
                List.of(0, 0, 1),
                MASKS,
                Set.of(),
                TOKENS);
    }

    private static Buffer row(@Nullable String... cells) {
        Buffer row = Buffer.buffer().appendByte((byte) 'D').appendInt(0).appendShort((short) cells.length);
        for (String cell : cells) {
            row.appendInt(cell == null ? -1 : cell.length());
            row.appendString(cell == null ? "" : cell);
        }
        return row.setInt(1, row.length() - 1);
    }

    @Test
    void replacesOnlyMaskedCells() {
        RowMasker masker = masker(null, new Mask.Partial(0, 4), new Mask.Redact());
        assertThat(masker.mask(row("name", "123-45-6789", "\1\1\1\1"))).isEqualTo(row("name", "****6789", "\0\0\0\0"));
        assertThat(masker.mask(row("name", null, null))).isEqualTo(row("name", null, "\0\0\0\0"));
        assertThat(masker(new Mask.Nullify(), null, null).mask(row("name", "", "abcd"))).isEqualTo(row(null, "", "abcd"));
        assertThat(masker(null, null, null).mask(row("name", "", "abcd"))).isEqualTo(row("name", "", "abcd"));
    }

    @Test
    void masksRowsHoweverTheyAreCut() {
        Buffer rows = Buffer.buffer();
        Buffer expected = Buffer.buffer();
        RowMasker masker = masker(null, new Mask.Partial(0, 4), null);
        for (String secret : List.of("123-45-6789", "", "987-65-4321")) {
            rows.appendBuffer(row("x", secret, "abcd"));
            expected.appendBuffer(masker.mask(row("x", secret, "abcd")));
        }
        for (int split = 0; split <= rows.length(); split++) {
            RowStream stream = masker.stream(MAX_ROW);
            Buffer out = stream.feed(rows.getBuffer(0, split)).copy().appendBuffer(stream.feed(rows.getBuffer(split, rows.length())));
            assertThat(out).isEqualTo(expected);
            assertThat(stream.isBetweenRows()).isTrue();
        }
        RowStream single = masker.stream(MAX_ROW);
        Buffer out = Buffer.buffer();
        for (int at = 0; at < rows.length(); at++) {
            out.appendBuffer(single.feed(rows.getBuffer(at, at + 1)));
        }
        assertThat(out).isEqualTo(expected);
    }

    @Test
    void endsTheStatementWhereARowDoesNotFit() {
        RowMasker masker = masker(null, new Mask.Hash(), null);
        assertThatThrownBy(() -> masker.mask(row("a", "b"))).isInstanceOf(MaskingFailed.class);
        assertThatThrownBy(() -> masker.mask(row("a", "b", "c", "d"))).isInstanceOf(MaskingFailed.class);
        for (int cut = 0; cut < row("a", "bb", "cccc").length(); cut++) {
            Buffer part = row("a", "bb", "cccc").getBuffer(0, cut);
            assertThatThrownBy(() -> masker.mask(part)).isInstanceOfAny(MaskingFailed.class, IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> masker.mask(row("a", "b", "c").appendByte((byte) 0))).isInstanceOf(MaskingFailed.class);
        assertThatThrownBy(() -> masker.mask(row("a", "b", "c").setInt(7, -2))).isInstanceOf(MaskingFailed.class);
        assertThatThrownBy(() -> masker.stream(20).feed(row("a", "b".repeat(100), "c"))).isInstanceOf(MaskingFailed.class).hasMessageContaining("longer than");
    }

    @Test
    void refusesAPlanThatTheServerContradicts() {
        List<Column> shown = List.of(column(Oids.TEXT, 20_000, 2));
        MaskPlan.Columns nothing = new MaskPlan.Columns(Arrays.asList((Mask) null), List.of());
        assertThatThrownBy(() -> RowMasker.create(nothing, shown, List.of(0), MASKS, Set.of(), TOKENS)).isInstanceOf(MaskingFailed.class).hasMessageContaining("public.customers.ssn");
        assertThatThrownBy(() -> RowMasker.refuseMaskedOrigins(shown, MASKS, Set.of())).isInstanceOf(MaskingFailed.class);
        RowMasker.refuseMaskedOrigins(List.of(column(Oids.TEXT, 20_000, 1)), MASKS, Set.of());
        assertThatThrownBy(() -> RowMasker.create(nothing, List.of(), List.of(), MASKS, Set.of(), TOKENS)).isInstanceOf(MaskingFailed.class);
        assertThatThrownBy(() -> masker(new Mask.Deny(), null, null)).isInstanceOf(MaskingFailed.class);
    }

    @Test
    void refusesOriginsThatTheCatalogDoesNotHaveUnlessTheSessionMadeThem() {
        for (Column unknown : List.of(column(Oids.TEXT, 20_077, 1), column(Oids.TEXT, 20_000, 3))) {
            assertThatThrownBy(() -> RowMasker.refuseMaskedOrigins(List.of(unknown), MASKS, Set.of()))
                    .isInstanceOf(UnknownOrigin.class)
                    .hasMessageContaining(String.valueOf(unknown.tableOid()));
            RowMasker.refuseMaskedOrigins(List.of(unknown), MASKS, Set.of(unknown.tableOid()));
        }
        RowMasker.refuseMaskedOrigins(List.of(column(Oids.TEXT, 0, 0), column(Oids.TEXT, 20_000, -1)), MASKS, Set.of());
    }
}
