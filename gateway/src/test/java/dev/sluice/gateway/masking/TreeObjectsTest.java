// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import dev.sluice.gateway.lineage.Lineage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a catalog lacks that the server's trees name, and what masks cannot follow. */
class TreeObjectsTest {
    private static final List<Relation> RELATIONS = List.of(
            relation(20_000, "customers", RelationKind.TABLE),
            relation(20_001, "elsewhere", RelationKind.FOREIGN_TABLE),
            relation(20_002, "named", RelationKind.FOREIGN_TABLE));
    private static final Catalog CATALOG = new Catalog("shop", 18, "v", RELATIONS, List.of(), List.of(), Set.of());
    private static final Lineage UNREADABLE = new Lineage.Unresolved("tree", "it ends", "");

    private static Relation relation(int oid, String name, RelationKind kind) {
        return new Relation(oid, "public", name, kind, List.of(new Column(1, "ssn", Oids.TEXT, -1)), List.of(), Set.of(), Set.of());
    }

    @Test
    void relationsAreReadOutOfTreesThatCannotBeFollowedToo() {
        TreeObjects objects = TreeObjects.of(List.of("({QUERY :rtable ({RANGETBLENTRY :relid 20000 :x}{RANGETBLENTRY :relid\n4294967295 :relid 0})"), UNREADABLE);

        assertThat(objects.relations()).containsExactlyInAnyOrder(20_000, -1);
        assertThat(objects.unknownTo(CATALOG)).containsExactly(-1);
    }

    /** The server escapes blanks in names, but not every character that Java takes for one. */
    @Test
    void aNameIsTakenForNoRelation() {
        for (String between : List.of("\r", "\f", "\u000b", "\\ ")) {
            assertThat(TreeObjects.of(List.of("({QUERY :alias {ALIAS :aliasname :relid" + between + "20000} :relid 20001})"), UNREADABLE).relations()).containsExactly(20_001);
        }
    }

    @Test
    void aColumnThatIsNewMakesItsRelationUnknown() {
        assertThat(new TreeObjects(Set.of(20_000), Set.of(new ColumnId(20_000, 1), new ColumnId(20_000, 0))).unknownTo(CATALOG)).isEmpty();
        assertThat(new TreeObjects(Set.of(20_000), Set.of(new ColumnId(20_000, 2))).unknownTo(CATALOG)).containsExactly(20_000);
    }

    @Test
    void foreignTablesWithoutMasksAreWarnedOf() {
        assertThat(ForeignTables.warning(RELATIONS, Set.of(new ColumnId(20_002, 1))))
                .hasValueSatisfying(warning -> assertThat(warning).contains("public.elsewhere").doesNotContain("public.named"));
        assertThat(ForeignTables.warning(List.of(RELATIONS.getFirst()), Set.of())).isEqualTo(Optional.empty());
    }
}
