// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our scanner cuts text where PostgreSQL's does: libpg_query's own scanner is the judge. */
class SqlScannerTest {
    private static final ScannerComparison COMPARISON = new ScannerComparison();

    /** Strings continued behind a comment; words that a parameter runs into. */
    private static final Pattern KNOWN_DIFFERENCE = Pattern.compile("'\\s*--|--[^\\n\\r]*[\\n\\r]\\s*'|\\$[0-9]+[A-Za-z_\\x{80}-\\x{10ffff}]");

    private static final List<Path> CORPORA = List.of(
            Path.of("src/test/resources/dev/sluice/gateway/statement/facts.txt"), Path.of("src/test/resources/dev/sluice/gateway/policy/destructive.txt"));
    private static final List<Path> SCRIPTS = List.of(
            Path.of("../deploy/e2e/src/test/resources/cases"), Path.of("../deploy/e2e/src/test/resources/masking"), Path.of("../deploy/quickstart/src/main/resources/sample"));

    static Stream<String> corpus() {
        return Stream.of(
                " ", ";", ";;", "select 1", "-- only a comment", "--", "/**/", "/* a /* b */ c */ select", "/*/**/*/1", "/* open", "/* /* */",
                "/*+ hint */1", "1/*x*/2", "a--b\nc", "a-- b\rc", "a - -b", "a--", "1 - - 1", "a/*b*/-/*c*/-d",
                "'a'", "''", "'a''b'", "'a\\'", "'a\\''", "E'a\\'b'", "e'a''b'", "E'\\\\'", "E'\\\\''", "E'\\n\\x41\\101\\u0041\\U00000041'", "E'\\",
                "E'a\\", "'open", "E'open", "'a'\n'b'", "'a' 'b'", "'a'\t\n\t'b'", "'a' /* c */\n'b'",
                "'a'\n/* c */'b'", "'a'\n-- c", "'a'\n-", "'a'\r'b'", "'a'\n\n\n'b'", "E'a'\n'\\''", "'a'\n\"b\"", "'a'\n$$b$$",
                "b'01'", "B'01'\n'10'", "B'1''0'", "x'1F'", "X'zz'", "n'a'", "N'a'", "N 'a'", "nchar'a'", "b", "x", "n", "e", "u", "e 'a'", "E\"a\"",
                "U&'a'", "u&'\\0041'", "U&\"a\"", "u&\"\\0041\"", "U&'a' UESCAPE '!'", "U& 'a'", "U &'a'", "u&a", "U&'a'\n'b'", "U&'open", "U&\"open", "U&\"\"",
                "\"a\"", "\"\"", "\"a\"\"b\"", "\"open", "\"a b\"", "\"a\nb\"", "\"a\" \"b\"", "\"$\"", "\"--\"", "\"/*\"",
                "$$a$$", "$a$b$a$", "$a$ $$ $b$ $a$", "$a$ $A$ $a$", "$$a", "$a$b", "$", "$ $", "$a", "$a b$", "$1", "$12", "$1$2", "$1$$a$$", "$2147483647",
                "$2147483648", "$99999999999999999999", "$00000000000000001", "$é$ü$é$", "a$b", "a$1", "a$$b$$", "$a$$a$", "$_$x$_$", "$a1$x$a1$",
                "0", "1", "00", "007", "2147483647", "2147483648", "-2147483648", "99999999999999999999", "1.5", ".5", "5.", "1..2", "1...2", "1.5.6", "1. .2", "a.1",
                "1e5", "1E5", "1e+5", "1e-5", "1e", "1e+", "1e-", "1.e5", ".5e5", "1.5e", "1a", "1_000", "1__0", "1_", "_1", "1_000.5_0", "1._5", "1.5_", "1e1_0", "1e_1",
                "0x1F", "0X1f", "0x", "0x_1", "0x1_", "0xg", "0x1g", "0x7FFFFFFF", "0x80000000", "0b01", "0b2", "0b12", "0o17", "0o8", "0B1", "0O7", "0x1.5", "0x1.", "0b1e5",
                "1$", "1$1", "1_0$", "1e5$", "1.5$", "1.5e5$", "0x1$", "1e+5$", "1.a", "1.5a", ".5a", "1.$1",
                "a+b", "a+-b", "a-+b", "a*-1", "a=-1", "a<-1", "a@-b", "a@-", "a|-b", "a!=-b", "a!=-", "a<>b", "a!=b", "a<=b", "a>=b", "a=>b", "a:=b", "a::b", "a:b", "a..b", "a:::b",
                "a::=b", "a||b", "a|b", "a!b", "!!a", "a->b", "a->>b", "a#>b", "a#>>b", "a@>b", "a?b", "a?|b", "a?&b", "a~*b", "a!~~*b", "a<->b", "a-|-b", "+-+-", "*+", "*+-", "@+-",
                "/-", "=+", "=-", "<=-", ">-", "=/*c*/-", "=--c", "+/*c*/+", "*/", "**/", "/ *", "@/*c*/", "@--c", "@*/", "<<=", "^-", "%-", "%+", "&+", "`a`", "#-",
                "~!@#^&|`?+-*/%<>=~!@#^&|`?+-*/%<>=~!@#^&|`?+-*/%<>=~!@#^&|`?+-*/%<>", "{", "}", "\\", "a\\b", "[1]", "a[1:2]", "(a,b)", "a;b", "a\u000bb", "a\fb",
                "é", "été", "aé", "1é", "'é'", "\"é\"", "日本 語", "a\u00a0b", "\ufeffselect", "a😀b", "0x1é", "select\u20281", "a=é");
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void agreesOnTheCorpus(String sql) {
        assertThat(ScannerComparison.ours(sql)).isEqualTo(COMPARISON.theirs(sql));
    }

    /** The SQL that other tests are made of: every statement of the corpora, every case and every script, whole and line by line. */
    @Test
    void agreesOnAllTheSqlOfTheRepository() throws IOException {
        Set<String> texts = new LinkedHashSet<>();
        for (Path corpus : CORPORA) {
            Files.readAllLines(corpus).stream().filter(line -> !line.startsWith("#")).forEach(line -> {
                texts.add(line);
                texts.add(line.substring(line.indexOf('|', line.indexOf('|') + 1) + 1));
            });
        }
        for (Path folder : SCRIPTS) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(any -> any.toString().endsWith(".sql")).toList()) {
                    String script = Files.readString(file);
                    texts.add(script);
                    texts.addAll(List.of(script.split("\\R\\s*\\R")));
                    script.lines().forEach(texts::add);
                }
            }
        }
        List<String> disagreements = new ArrayList<>();
        int compared = 0;
        for (String sql : texts) {
            List<String> theirs = COMPARISON.theirs(sql);
            if (!KNOWN_DIFFERENCE.matcher(sql).find() && !(sql.indexOf('\\') >= 0 && theirs.equals(List.of("error")))) {
                compared++;
                if (!ScannerComparison.ours(sql).equals(theirs)) {
                    disagreements.add(sql);
                }
            }
        }
        assertThat(disagreements).isEmpty();
        assertThat(compared).as("texts compared, of %d", texts.size()).isGreaterThan(2_000).isGreaterThan(texts.size() * 9 / 10);
    }

    /** Where libpg_query's scanner, changed to keep comments, leaves PostgreSQL's: the server joins these strings and refuses these parameters. */
    @Test
    void followsTheServerWhereLibpgQueryDoesNot() {
        assertThat(ScannerComparison.ours("'a' -- c\n'b'")).containsExactly("0-12 string");
        assertThat(ScannerComparison.ours("'a' -- c\n -- d\n 'b'")).containsExactly("0-19 string");
        assertThat(ScannerComparison.ours("$1a")).containsExactly("error");
        assertThat(ScannerComparison.ours("$1é")).containsExactly("error");
    }

    @Property(tries = 2000)
    void agreesOnPiecesPutTogether(@ForAll("pieces") String sql) {
        boolean known = KNOWN_DIFFERENCE.matcher(sql).find();
        List<String> theirs = COMPARISON.theirs(sql);
        boolean refusedEscape = sql.indexOf('\\') >= 0 && theirs.equals(List.of("error"));
        if (!known && !refusedEscape) {
            assertThat(ScannerComparison.ours(sql)).isEqualTo(theirs);
        }
    }

    @Provide
    Arbitrary<String> pieces() {
        Arbitrary<String> corpus = Arbitraries.of(corpus().filter(text -> text.length() < 12).toList());
        Arbitrary<String> characters = Arbitraries.strings().withChars("aeEnNbBxXuU&01_9.$'\"\\-+*/ \n\r\t()=<>!@|:;é").ofMinLength(1).ofMaxLength(6);
        return Arbitraries.oneOf(corpus, characters, characters).list().ofMinSize(1).ofMaxSize(6).map(parts -> String.join("", parts));
    }
}
