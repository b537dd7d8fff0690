// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.lineage.Disagreement;
import dev.sluice.gateway.lineage.Lineage;
import dev.sluice.gateway.lineage.LineageResolver;
import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.ExposedColumns;
import dev.sluice.gateway.masking.MaskPlan;
import dev.sluice.gateway.masking.MaskPlanner;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.masking.MaskTokens;
import dev.sluice.gateway.masking.TreeObjects;
import dev.sluice.gateway.policy.Exemptions;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.policy.Subject;
import dev.sluice.gateway.session.Input;
import dev.sluice.gateway.session.WrittenValues;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.schemas.event.StatementEvent.MaskedColumn;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what a session asks about masks: by the catalog of its database, and off the event loop where it takes long. */
final class SessionMasks {
    private static final Logger LOGGER = LoggerFactory.getLogger(SessionMasks.class);

    private final SessionServices services;
    private final String target;
    private final String database;
    private final Consumer<Input> session;

    SessionMasks(SessionServices services, String target, String database, Consumer<Input> session) {
        this.services = services;
        this.target = target;
        this.database = database;
        this.session = session;
    }

    MaskTokens tokens() {
        return services.masks().tokens(target);
    }

    void bind(long number, MaskRules rules) {
        services.masks().bind(target, database, rules).whenComplete((masks, failure) ->
                session.accept(failure == null ? new Input.MasksBound(number, masks, "") : new Input.MasksBound(number, null, reason(failure))));
    }

    /** What the caller hears, and the way out where it is the operator's. */
    static String reason(Throwable failure) {
        return failure instanceof UnknownVersion ? String.valueOf(failure.getMessage()) : "the target's catalog is not known: " + failure.getMessage();
    }

    /** A tree may be large. */
    void plan(long number, BoundMasks masks, List<String> trees) {
        services.vertx()
                .executeBlocking(() -> planned(number, masks, trees), false)
                .onComplete(done -> session.accept(done.succeeded() ? done.result() : new Input.MasksPlanned(number, failed(done.cause()), TreeObjects.NONE)));
    }

    private Input planned(long number, BoundMasks masks, List<String> trees) {
        Lineage lineage = resolve(masks, trees);
        return new Input.MasksPlanned(number, MaskPlanner.plan(masks, lineage), TreeObjects.of(trees, lineage));
    }

    /** Away from the event loop, which other sessions share: a statement may write megabytes. */
    void search(long number, WrittenValues values) {
        services.vertx()
                .executeBlocking(values::objection, false)
                .onComplete(done -> session.accept(new Input.WrittenSearched(number, done.succeeded() ? done.result() : failed(done.cause()))));
    }

    private Lineage resolve(BoundMasks masks, List<String> trees) {
        // Masks are bound to a server of an unknown version only if the operator allows it.
        Lineage lineage = LineageResolver.resolve(trees, LineageResolver.nearest(masks.catalog().serverMajor()), masks.catalog());
        if (lineage instanceof Lineage.Unresolved unresolved && unresolved.disagreement() != null) {
            disagreed(unresolved.disagreement());
        }
        return lineage;
    }

    private static MaskPlan.Refused failed(Throwable defect) {
        LOGGER.error("a statement's masks could not be planned", defect);
        return new MaskPlan.Refused("its masks could not be planned", "Report this: it is a defect of the gateway.");
    }

    /** What the caller sees unmasked. While the catalog is not known, whatever the rules name counts. */
    List<MaskedColumn> exposed(Policy policy, Subject subject, Reading.Understood reading) {
        Exemptions exemptions = policy.exemptions(subject);
        if (exemptions.rules().isEmpty() || reading.statements().stream().noneMatch(ExposedColumns::readsAnything)) {
            return List.of();
        }
        BoundMasks masks = services.masks().known(target, database, exemptions.rules());
        if (masks == null) {
            return exemptions.rules().rules().stream()
                    .flatMap(rule -> rule.columns().stream().map(column -> new MaskedColumn(column.toString(), rule.name(), null, exemptions.reason(rule.name()))))
                    .toList();
        }
        return ExposedColumns.of(masks, reading.statements()).stream()
                .map(mask -> new MaskedColumn(mask.name(), mask.rule(), null, exemptions.reason(mask.rule())))
                .toList();
    }

    void disagreed(Disagreement disagreement) {
        services.disagreements().accept(disagreement);
        LOGGER.atError().addKeyValue("target", target).addKeyValue("database", database).addKeyValue("disagreement", disagreement)
                .log("the server contradicts what a statement was resolved to; the statement was refused, or its answer withheld");
    }

    void changed() {
        services.masks().changed(target, database);
    }
}
