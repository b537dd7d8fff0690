// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.DataType;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CopyMaskerTest {
    private static final Catalog CATALOG = new Catalog(
            "shop", 18, "v", List.of(), List.of(), List.of(new DataType(Oids.TEXT, "pg_catalog", "text", DataType.Kind.BASE, 'S', 0, -1)), Set.of());
    private static final BoundMasks MASKS = MaskRules.NONE.bind(CATALOG);
    private static final MaskTokens TOKENS = new MaskTokens(new byte[MaskTokens.KEY_BYTES]);
    private static final int MAX_ROW = 1_000;
    private static final int TABLE = 16_384;
    private static final CopyFormat ODD_CSV = CopyFormat.of(Map.of("format", "csv", "quote", "'", "escape", "\\", "null", "-", "header", "true"));

    private static CopyMasker masker(CopyFormat format, Mask second) {
        CopyColumn text = new CopyColumn(TABLE, Oids.TEXT, -1);
        return CopyMasker.create(new MaskPlan.Columns(Arrays.asList(null, second, null), List.of()), List.of(text, text, text), format, MASKS, TOKENS, MAX_ROW);
    }

    private static String masked(CopyFormat format, String data) {
        CopyMasker masker = masker(format, new Mask.Partial(0, 2));
        Buffer out = masker.feed(Frames.copyData(data.getBytes(StandardCharsets.UTF_8)));
        masker.finish();
        return new String(Frames.payload(out), StandardCharsets.UTF_8);
    }

    @Test
    void masksTextFormat() {
        assertThat(masked(CopyFormat.TEXT, "1\tsecret\tx\n2\t\\N\ty\\tz\n3\t\\\\back\\nslash\t\\N\n\t\t\n"))
                .isEqualTo("1\t****et\tx\n2\t\\N\ty\\tz\n3\t****sh\t\\N\n\t****\t\n");
        CopyFormat piped = CopyFormat.of(Map.of("delimiter", "|", "null", "", "header", ""));
        assertThat(masked(piped, "a|b|c\n1|se\\|cr\\||nix\n2||\n")).isEqualTo("a|b|c\n1|****r\\||nix\n2||\n");
    }

    @Test
    void masksCsv() {
        assertThat(masked(CopyFormat.CSV, "1,secret,x\n2,,\"\"\n3,\"multi\nline, \"\"quoted\"\"\",y\n4,\"\",z\n"))
                .isEqualTo("1,\"****et\",x\n2,,\"\"\n3,\"****d\"\"\",y\n4,\"****\",z\n");
        assertThat(masked(ODD_CSV, "'a','b''','c'\n1,'it\\'s \\\\ secret\\'\\\\',x\n2,-,y\n")).isEqualTo("'a','b''','c'\n1,'****\\'\\\\',x\n2,-,y\n");
    }

    @Test
    void hidesWhichComputedCellsAreNull() {
        CopyColumn expression = new CopyColumn(0, Oids.TEXT, -1);
        MaskPlan.Columns plan = new MaskPlan.Columns(Arrays.asList(new Mask.Redact(), new Mask.Redact()), List.of(), Set.of(1), null, true);
        for (CopyColumn second : List.of(expression, new CopyColumn(TABLE, Oids.TEXT, -1))) {
            CopyMasker masker = CopyMasker.create(plan, List.of(new CopyColumn(TABLE, Oids.TEXT, -1), second), CopyFormat.TEXT, MASKS, TOKENS, MAX_ROW);
            Buffer out = masker.feed(Frames.copyData("\\N\t\\N\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(new String(Frames.payload(out), StandardCharsets.UTF_8)).isEqualTo("\\N\t***\n");
        }
    }

    @Test
    void refusesWhatItCannotFollow() {
        assertThatThrownBy(() -> masked(CopyFormat.TEXT, "1\tsecret\n")).isInstanceOf(MaskingFailed.class);
        assertThatThrownBy(() -> masked(CopyFormat.TEXT, "1\tsecret\tx\ty\n")).isInstanceOf(MaskingFailed.class);
        assertThatThrownBy(() -> masked(CopyFormat.TEXT, "1\tsecret\tx")).isInstanceOf(MaskingFailed.class).hasMessageContaining("ends within a row");
        assertThatThrownBy(() -> masked(CopyFormat.CSV, "1,\"" + "x".repeat(MAX_ROW) + "\",y\n")).isInstanceOf(MaskingFailed.class).hasMessageContaining("longer than");
        assertThatThrownBy(() -> masker(CopyFormat.TEXT, new Mask.Redact()).feed(Buffer.buffer("Z\0\0\0\5I"))).isInstanceOf(MaskingFailed.class);
        assertThatThrownBy(() -> masker(CopyFormat.BINARY, new Mask.Redact()).feed(Frames.copyData(new byte[40]))).isInstanceOf(MaskingFailed.class);
        assertThatThrownBy(() -> CopyFormat.of(Map.of("encoding", "SJIS"))).isInstanceOf(MaskingFailed.class).hasMessageContaining("UTF8");
        assertThatThrownBy(() -> CopyFormat.of(Map.of("surprise", "1"))).isInstanceOf(MaskingFailed.class).hasMessageContaining("surprise");
        assertThatThrownBy(() -> CopyFormat.of(Map.of("null", "secret"))).isInstanceOf(MaskingFailed.class).hasMessageContaining("NULL");
    }

    private static byte[] binary() {
        Buffer data = Buffer.buffer("PGCOPY\n").appendByte((byte) 0xff).appendString("\r\n").appendByte((byte) 0).appendInt(0).appendInt(3).appendString("ext");
        for (String secret : List.of("secret", "", "other secret")) {
            data.appendShort((short) 3).appendInt(1).appendString("a").appendInt(secret.length()).appendString(secret).appendInt(-1);
        }
        data.appendShort((short) 3).appendInt(0).appendInt(-1).appendInt(2).appendString("zz");
        return data.appendShort((short) -1).getBytes();
    }

    @Test
    void masksBinaryFormat() {
        CopyMasker masker = masker(CopyFormat.BINARY, new Mask.Partial(0, 2));
        byte[] out = Frames.payload(masker.feed(Frames.copyData(binary())));
        masker.finish();
        assertThat(new String(out, StandardCharsets.ISO_8859_1)).contains("****et", "****", "zz").doesNotContain("secret").startsWith("PGCOPY").endsWith("\u00ff\u00ff");
    }

    @Test
    void refusesDataAfterTheEnd() {
        CopyMasker masker = masker(CopyFormat.BINARY, new Mask.Redact());
        masker.feed(Frames.copyData(binary()));
        assertThatThrownBy(() -> masker.feed(Frames.copyData(new byte[2]))).isInstanceOf(MaskingFailed.class);
    }

    @Provide
    Arbitrary<CopyFormat> formats() {
        return Arbitraries.of(CopyFormat.TEXT, CopyFormat.CSV, ODD_CSV, CopyFormat.BINARY);
    }

    private static byte[] sample(CopyFormat format) {
        if (format.kind() == CopyFormat.Kind.BINARY) {
            return binary();
        }
        if (format.kind() == CopyFormat.Kind.TEXT) {
            return "1\tsecret\tx\n2\t\\N\ty\\\\\\tz\n3\t\\\\back\\nslash\t\\N\n".getBytes(StandardCharsets.UTF_8);
        }
        return format.equals(CopyFormat.CSV)
                ? "1,secret,x\n2,,\"\"\n3,\"multi\nline, \"\"quoted\"\"\",\"\n\"\n".getBytes(StandardCharsets.UTF_8)
                : "'a','b','c'\n1,'it\\'s \n\\\\',x\n2,-,'\n\\'\n'\n".getBytes(StandardCharsets.UTF_8);
    }

    /** Messages cut anywhere, and data cut into messages anywhere: the same rows come out. */
    @Property(tries = 300)
    void isTheSameHoweverTheDataIsCut(@ForAll("formats") CopyFormat format, @ForAll Random random) {
        byte[] data = sample(format);
        CopyMasker whole = masker(format, new Mask.Tokenize());
        byte[] expected = Frames.payload(whole.feed(Frames.copyData(data)));

        Buffer wire = Buffer.buffer();
        for (int at = 0; at < data.length; ) {
            int size = Math.min(data.length - at, random.nextInt(12));
            wire.appendBuffer(Frames.copyData(Arrays.copyOfRange(data, at, at + size)));
            at += size;
        }
        CopyMasker cut = masker(format, new Mask.Tokenize());
        Buffer out = Buffer.buffer();
        for (int at = 0; at < wire.length(); ) {
            int size = Math.min(wire.length() - at, 1 + random.nextInt(9));
            out.appendBuffer(cut.feed(wire.getBuffer(at, at + size)));
            at += size;
        }
        cut.finish();
        assertThat(Frames.payload(out)).isEqualTo(expected);
        assertThat(new String(expected, StandardCharsets.ISO_8859_1)).doesNotContain("secret").doesNotContain("multi");
    }

    @Test
    void isTheSameAtEverySplit() {
        for (CopyFormat format : List.of(CopyFormat.TEXT, CopyFormat.CSV, ODD_CSV, CopyFormat.BINARY)) {
            Buffer wire = Frames.copyData(sample(format));
            byte[] expected = masker(format, new Mask.Hash()).feed(wire).getBytes();
            for (int split = 0; split <= wire.length(); split++) {
                CopyMasker masker = masker(format, new Mask.Hash());
                Buffer out = masker.feed(wire.getBuffer(0, split)).copy();
                out.appendBuffer(masker.feed(wire.getBuffer(split, wire.length())));
                masker.finish();
                assertThat(out.getBytes()).as("%s split at %d", format, split).isEqualTo(expected);
            }
        }
    }
}
