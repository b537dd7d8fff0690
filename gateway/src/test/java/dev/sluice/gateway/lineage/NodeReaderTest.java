// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeReaderTest {
    private static Node read(String text) {
        return switch (NodeReader.read(text)) {
            case NodeReader.Reading.Tree tree -> tree.node();
            case NodeReader.Reading.Failure failure -> throw new AssertionError(failure.toString());
        };
    }

    private static Node.Token word(String text) {
        return new Node.Token(text, false);
    }

    @Test
    void readsEveryKindOfValue() {
        Node.Struct node = (Node.Struct) read("{A :nothing <> :number -12 :flag true :list ({B} \"two words\" <>) :numbers (i 1 2) :oids (o 4294967295) :set (b 8 9) :none (b) :letter r}");

        assertThat(node.name()).isEqualTo("A");
        assertThat(node.field("nothing")).isEqualTo(Node.NOTHING);
        assertThat(node.number("number")).isEqualTo(-12);
        assertThat(node.flag("flag")).isTrue();
        assertThat(node.list("list")).hasSize(4).element(0).isInstanceOf(Node.Struct.class);
        assertThat(node.field("numbers")).isEqualTo(new Node.Numbers('i', List.of(1L, 2L)));
        assertThat(node.field("oids")).isEqualTo(new Node.Numbers('o', List.of(4_294_967_295L)));
        assertThat(node.field("set")).isEqualTo(new Node.Numbers('b', List.of(8L, 9L)));
        assertThat(node.field("none")).isEqualTo(new Node.Numbers('b', List.of()));
        assertThat(node.text("letter")).isEqualTo("r");
        assertThat(node.field("absent")).isEqualTo(Node.NOTHING);
    }

    @Test
    void readsConstantsInTheServersMemoryFormat() {
        Node.Struct node = (Node.Struct) read("{CONST :constisnull false :constvalue 5 [ 20 0 0 0 -\n120 ] :location 4}");

        assertThat(node.field("constvalue")).isEqualTo(new Node.Datum(5));
        assertThat(node.number("location")).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            two\\ words | two words
            \\<> | <>
            \\(\\{\\)\\} | ({)}
            back\\\\slash | back\\slash
            :relid | :relid
            \\"quoted" | "quoted"
            é漢\uD83D\uDE00 | é漢\uD83D\uDE00
            """)
    void takesNamesForWhatTheyAre(String written, String name) {
        assertThat(((Node.Struct) read("{A :aliasname " + written + " :colnames (\"" + written + "\")}")).text("aliasname")).isEqualTo(name);
    }

    @Test
    void aTextInQuotesIsNotANumber() {
        assertThat(read("(\"1\" 1)")).isEqualTo(new Node.Items(List.of(new Node.Token("1", true), word("1"))));
    }

    @Test
    void aSpaceOfANameMayBeALinesEnd() {
        assertThat(((Node.Struct) read("{A :aliasname two\\\nwords :relid 1}")).text("aliasname")).isEqualTo("two\nwords");
    }

    @Test
    void refusesATokenThatALineMayHaveBroken() {
        String name = "\\(".repeat(63);
        String broken = "{A :aliasname\n" + name.substring(0, NodeReader.LINE) + "\n" + name.substring(NodeReader.LINE) + " :relid 1}";

        assertThat(NodeReader.read(broken)).isEqualTo(new NodeReader.Reading.Failure(92, "a token is as long as a line"));
    }

    @Test
    void refusesABrokenTokenThatHidesBehindALinesEndOfItsOwn() {
        String name = "\\(".repeat(30) + "\\\n" + "\\(".repeat(32);
        String broken = "{A :aliasname\n" + name.substring(0, NodeReader.LINE) + "\n" + name.substring(NodeReader.LINE) + " :relid 1}";

        assertThat(NodeReader.read(broken)).isInstanceOf(NodeReader.Reading.Failure.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', nullValues = "null", textBlock = """
            ~~ | 0 | the tree ends where a value should be
            { | 1 | the tree ends where a token should be
            {A :b | 5 | the tree ends where a value should be
            {A b} | 3 | a field should be here in A
            {A :b 1} 2 | 9 | something follows the tree
            ) | 0 | a token should be here
            (i 1 x) | 5 | a list of numbers has something else
            (1 2 | 4 | the tree ends where a value should be
            {A :b 4 [ 1 2 } | 8 | a constant does not end
            {A :b 4 [ 1 x ]} | 8 | a constant is not made of numbers
            {A :b c\\ | 7 | the tree ends within an escape
            """)
    void tellsWhereATextIsNoTree(String text, int position, String reason) {
        assertThat(NodeReader.read(text)).isEqualTo(new NodeReader.Reading.Failure(position, reason));
    }

    @Test
    void boundsDepthAndSize() {
        String deep = "(".repeat(NodeReader.DEEPEST) + ")".repeat(NodeReader.DEEPEST);

        assertThat(NodeReader.read(deep)).isInstanceOf(NodeReader.Reading.Tree.class);
        assertThat(NodeReader.read("(" + deep + ")"))
                .isEqualTo(new NodeReader.Reading.Failure(NodeReader.DEEPEST, "the tree is deeper than " + NodeReader.DEEPEST));
        assertThat(NodeReader.read(" ".repeat(NodeReader.LONGEST + 1))).isInstanceOf(NodeReader.Reading.Failure.class);
    }

    @Property
    void anyTextHasAnEnd(@ForAll("almostTrees") String text) {
        NodeReader.Reading reading = NodeReader.read(text);

        if (reading instanceof NodeReader.Reading.Failure failure) {
            assertThat(failure.position()).isBetween(0, text.length());
        }
    }

    @Provide
    Arbitrary<String> almostTrees() {
        return Arbitraries.of("{", "}", "(", ")", " ", "\n", "\\", "<>", "[", "]", ":a ", "A", "\"", "b ", "i ", "1 ", "-", "x")
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }
}
