// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.display;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent.SessionSoFar;
import dev.sluice.schemas.event.Impact;
import dev.sluice.schemas.event.StatementEvent.RelationAccess;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A value that is not what it looks like, beside which it is told what it is. Values themselves stay as they are: clients compare them.
 *
 * @param value as it is
 * @param visible with everything escaped that the eye can miss or mistake, as in {@link VisibleText}
 * @param notices what is wrong with it, a sentence each
 */
public record Misleading(String value, String visible, List<String> notices) {
    private static final int MOST = 50;

    public Misleading {
        notices = List.copyOf(notices);
    }

    /** Those among {@code values} that mislead, each once, the first fifty; null if none does. */
    public static @Nullable List<Misleading> among(Stream<@Nullable String> values) {
        var found = new ArrayList<Misleading>();
        values.filter(Objects::nonNull).distinct().forEach(value -> {
            var visible = VisibleText.of(value);
            if (!visible.notices().isEmpty() && found.size() < MOST) {
                found.add(new Misleading(value, visible.text(), visible.notices()));
            }
        });
        return found.isEmpty() ? null : List.copyOf(found);
    }

    /** Every value that somebody else than the service has chosen about a principal. */
    public static Stream<@Nullable String> namesOf(Principal principal) {
        return Stream.concat(Stream.of(principal.subject(), principal.onBehalfOf()), principal.groups().stream());
    }

    /** Of a hold, but for its statement, which has its own visible form. */
    public static Stream<@Nullable String> namesOf(StatementHeld held) {
        return Stream.of(
                        Stream.of(held.target(), held.database(), held.application(), held.rule(), held.reason()),
                        namesOf(held.requester()),
                        namesOf(held.facts().relations()),
                        held.approverGroups().stream())
                .flatMap(each -> each);
    }

    private static Stream<@Nullable String> namesOf(List<RelationAccess> relations) {
        return relations.stream()
                .flatMap(relation -> Stream.concat(
                        Stream.of(relation.schema(), relation.name()), relation.columns() == null ? Stream.empty() : relation.columns().stream()));
    }

    /** Of what the session had done before, but for its statements' texts. */
    public static Stream<@Nullable String> namesOf(SessionSoFar session) {
        return session.latest().stream().flatMap(earlier -> Stream.concat(Stream.of(earlier.rule()), namesOf(earlier.relations())));
    }

    /** Of what a statement would do, but for the values in its rows. */
    public static Stream<@Nullable String> namesOf(Impact impact) {
        Impact.Sample sample = impact.sample();
        return Stream.of(
                        impact.tables().stream().flatMap(table -> Stream.of(Stream.of(table.name()), table.writes().stream(), table.reads().stream())).flatMap(each -> each),
                        impact.cascades().stream().flatMap(cascade -> Stream.of(cascade.table(), cascade.referenced(), cascade.constraint())),
                        impact.triggers().stream().flatMap(trigger -> Stream.of(trigger.table(), trigger.name(), trigger.function())),
                        impact.locks().stream().map(Impact.Lock::table),
                        impact.dependents().stream().flatMap(dependent -> Stream.of(dependent.object(), dependent.on())),
                        sample == null ? Stream.<String>empty() : Stream.concat(Stream.of(sample.table()), sample.columns().stream()))
                .flatMap(each -> each);
    }
}
