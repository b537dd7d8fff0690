// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.impact.GatewayConnection.NotAnswered;
import dev.sluice.gateway.impact.RecordedSession.NotRecorded;
import dev.sluice.gateway.impact.SchemaLook.Named;
import dev.sluice.gateway.kafka.Recorder;
import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.MaskedText;
import dev.sluice.gateway.net.MaskSource;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementReader;
import dev.sluice.schemas.event.SessionEvent.ImpactAssessed;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what held statements would do, a few at a time, on threads of its own. Approvers are asked meanwhile: nothing waits for it, and
 * what it cannot find out it says.
 */
public final class ImpactAssessor implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ImpactAssessor.class);
    private static final int AT_ONCE = 2;
    private static final int WAITING = 200;
    private static final int LONGEST_TEXT = 100_000;
    private static final long PATIENCE_SECONDS = 20;

    /** Connections of the gateway's own to a database, for as long as it runs. */
    @FunctionalInterface
    public interface Connections {
        /** @throws IllegalArgumentException if the gateway has no credential of its own there */
        Pool to(String target, String database);
    }

    /** What it takes to look. {@code source} is who writes the record, {@code /sluice/gateway/<instance>}. */
    public record Means(
            Vertx vertx, Recorder recorder, StatementReader reader, Supplier<Policy> policy, MaskSource masks, Connections connections, String source) {}

    private final Means means;
    private final @Nullable ImpactSettings settings;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore turns = new Semaphore(AT_ONCE, true);
    private final AtomicInteger waiting = new AtomicInteger();

    /** @param settings null asks no database, and tells approvers that it is so */
    public ImpactAssessor(Means means, @Nullable ImpactSettings settings) {
        this.means = means;
        this.settings = settings;
    }

    /** Called on any thread; never blocks. What goes without people is looked at by nobody. */
    public void held(StatementHeld held) {
        if (held.needsNoHuman() || threads.isShutdown()) {
            return;
        }
        // The others only say so: as many as statements may be held at a time.
        boolean crowded = waiting.incrementAndGet() > WAITING;
        ImpactSettings wanted = settings;
        threads.execute(() -> {
            try {
                if (wanted == null) {
                    say(held, "the gateway is configured not to find it out (impact.enabled)");
                } else if (crowded) {
                    giveUp(held, "too many statements are held at a time to find out what this one would do");
                } else {
                    inTurn(held, wanted);
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (NotRecorded failed) {
                LOGGER.atWarn().addKeyValue("approvalId", held.approvalId()).addKeyValue("reason", failed.getMessage()).log("what it would do is not recorded");
            } catch (RuntimeException defect) {
                LOGGER.atError().setCause(defect).addKeyValue("approvalId", held.approvalId()).log("what it would do could not be found out");
            } finally {
                waiting.decrementAndGet();
            }
        });
    }

    private void inTurn(StatementHeld held, ImpactSettings wanted) throws NotRecorded, InterruptedException {
        turns.acquire();
        try {
            assess(held, wanted);
        } catch (NotRecorded failed) {
            if (threads.isShutdown()) {
                throw failed;
            }
            giveUp(held, "what the gateway would ask the database could not be recorded: " + failed.getMessage());
        } finally {
            turns.release();
        }
    }

    /** So that approvers do not wait for what will not come. */
    private void giveUp(StatementHeld held, String reason) throws NotRecorded {
        LOGGER.atWarn().addKeyValue("approvalId", held.approvalId()).addKeyValue("reason", reason).log("what it would do is not found out");
        say(held, reason);
    }

    private void say(StatementHeld held, String reason) throws NotRecorded {
        var findings = new Findings();
        Unlooked.ofEverything(reason, findings);
        record(held, findings, session -> {});
    }

    private interface Look {
        void into(RecordedSession session) throws NotRecorded;
    }

    private void record(StatementHeld held, Findings findings, Look look) throws NotRecorded {
        RecordedSession session = RecordedSession.open(means.vertx, means.recorder, means.source, held, means.policy.get().version());
        try {
            look.into(session);
            session.record(new ImpactAssessed(held.approvalId(), findings.as(session.id())));
        } finally {
            session.close();
        }
    }

    private void assess(StatementHeld held, ImpactSettings wanted) throws NotRecorded {
        var findings = new Findings();
        record(held, findings, session -> lookWhole(held, wanted, session, findings));
    }

    private void lookWhole(StatementHeld held, ImpactSettings wanted, RecordedSession record, Findings findings) throws NotRecorded {
        try {
            look(held, wanted, record, findings);
        } catch (RuntimeException defect) {
            LOGGER.atError().setCause(defect).addKeyValue("approvalId", held.approvalId()).log("what it would do could not be found out whole");
            Unlooked.ofEverything("the gateway failed to look: this is a defect", findings);
        } catch (StackOverflowError tooDeep) {
            LOGGER.atWarn().addKeyValue("approvalId", held.approvalId()).log("what it would do is not found out whole: it is nested too deeply");
            Unlooked.ofEverything("the statement is nested too deeply to look into it", findings);
        }
    }

    private void look(StatementHeld held, ImpactSettings wanted, RecordedSession record, Findings findings) throws NotRecorded {
        BoundMasks masks;
        try (GatewayConnection connection = GatewayConnection.open(means.connections.to(held.target(), held.database()))) {
            masks = Answers.await(means.masks.bind(held.target(), held.database(), means.policy.get().allMasks()));
            look(held, wanted, record, findings, connection, masks);
        } catch (NotAnswered | IllegalArgumentException failed) {
            Unlooked.ofEverything(String.valueOf(failed.getMessage()), findings);
        }
    }

    private void look(StatementHeld held, ImpactSettings wanted, RecordedSession record, Findings findings, GatewayConnection connection, BoundMasks masks)
            throws NotRecorded, NotAnswered {
        Catalog catalog = masks.catalog();
        String sql = withValues(held, catalog, findings);
        Shape shape = Shape.of(Answers.await(means.reader.tree(sql == null ? held.query() : sql)));
        Descendants descendants = Descendants.in(catalog);
        var schema = new SchemaLook(connection, means.reader, held, shape, catalog, descendants, findings);
        schema.look();
        Reading reading = Answers.await(means.reader.read(held.query()));
        Unlooked.ofFunctions(reading, catalog, findings);
        if (held.inTransaction()) {
            findings.missing("its transaction may have changed what is looked at, and that is not seen from outside", "exactRows");
        }
        if (shape == null || !shape.isPlanned()) {
            Unlooked.ofKind(shape, findings);
            return;
        }
        if (held.hidden() != null) {
            findings.missing("the text that would be counted has hidden constants", "estimatedRows", "exactRows", "sample");
            return;
        }
        if (sql == null) {
            findings.missing("a parameter's value cannot be written as a constant", "estimatedRows", "exactRows", "sample");
            return;
        }
        var data = new DataLook(connection, record, held, wanted, findings, descendants);
        String unplanned = UsersCode.objection(reading, schema.named(), catalog);
        if (unplanned == null) {
            data.estimate(sql);
        } else {
            findings.missing("the planner may run functions, and before an approval it must not: " + unplanned, "estimatedRows");
        }
        if (shape.written().commands() > (shape.changesRows() ? 1 : 0)) {
            findings.missing("rows that commands in its WITH clause change are not among them", "estimatedRows");
        }
        if (shape.node().equals("UpdateStmt") || shape.node().equals("DeleteStmt")) {
            preview(held, sql, shape, schema.named(), masks, data, descendants, findings);
        } else {
            findings.missing("only UPDATE and DELETE are counted; the planner's estimate has to do", "exactRows", "sample");
        }
    }

    private void preview(
            StatementHeld held, String sql, Shape shape, List<Named> named, BoundMasks masks, DataLook data, Descendants descendants, Findings findings) throws NotRecorded, NotAnswered {
        Preview preview = Preview.of(sql);
        JsonNode tree = preview == null ? null : Answers.await(means.reader.tree(preview.count()));
        if (preview == null || tree == null || !Preview.isOf(shape, tree)) {
            findings.missing("no query could be made of it that is certain to find the same rows", "exactRows", "sample");
            return;
        }
        Reading reading = Answers.await(means.reader.read(preview.count()));
        String objection = Harmless.objection(reading, tree, named, masks.catalog(), descendants);
        Named target = named.stream().filter(each -> each.access().equals("update") || each.access().equals("delete")).findFirst().orElse(null);
        if (objection != null || target == null) {
            findings.missing(objection == null ? "its table is not found" : objection, "exactRows", "sample");
            return;
        }
        if (target.rowSecurity()) {
            findings.missing("row security may keep it from some of these rows", "exactRows");
        }
        data.count(preview);
        data.sample(preview, tree, target, named, masks, new MaskedText(masks, means.masks.tokens(held.target())));
    }

    /** The text with its parameters' values in place of their numbers; null where that cannot be done. */
    private static @Nullable String withValues(StatementHeld held, Catalog catalog, Findings findings) {
        if (held.query().length() > LONGEST_TEXT) {
            findings.missing("the statement is too long to look at it closely", "estimatedRows");
            return null;
        }
        List<@Nullable String> values = held.parameters().stream().map(parameter -> ParameterText.literal(parameter, catalog)).toList();
        return dev.sluice.gateway.statement.PlacedValues.in(held.query(), values);
    }

    /** What is under way is given up: nobody is left to be told. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOGGER.warn("what held statements would do is still being looked at");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
