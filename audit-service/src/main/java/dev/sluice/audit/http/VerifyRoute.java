// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.http.Routes.Rule;
import dev.sluice.audit.store.EvidenceStore;
import dev.sluice.audit.verify.EvidenceVerifier;
import dev.sluice.audit.verify.Finding;
import dev.sluice.audit.verify.KeySource;
import dev.sluice.audit.verify.KnownSession;
import dev.sluice.audit.verify.PublicKeys;
import dev.sluice.audit.verify.Report;
import dev.sluice.audit.verify.ReportJson;
import dev.sluice.schemas.event.Decoded;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Proves one session from its stored bytes, at the time of asking: nothing that was computed before is believed. */
final class VerifyRoute {
    private final EvidenceStore store;
    private final AuditConfig.Keys locations;
    private final RecordPages pages;
    private final EventCodec codec = new EventCodec();

    VerifyRoute(EvidenceStore store, AuditConfig.Keys locations) {
        this.store = store;
        this.locations = locations;
        this.pages = new RecordPages(store);
    }

    void addTo(Routes routes) {
        routes.get("/v1/sessions/:sessionId/verify", Rule.AUDITOR, this::verify);
    }

    private void verify(RoutingContext context, Caller caller) {
        String sessionId = new Parameters(context, Set.of()).path("sessionId");
        JsonObject session = store.session(sessionId).await();
        if (session == null) {
            throw Problem.notFound("No session " + sessionId + " has been recorded.");
        }
        PublicKeys keys = context.vertx().executeBlocking(this::keys, false).await();
        var verifier = new EvidenceVerifier(keys, sessionId);
        verifier.know(folded(sessionId, session));
        pages.raw(sessionId, caller.visibility(), piece -> context.vertx()
                .executeBlocking(
                        () -> {
                            piece.forEach(record -> verifier.accept(record.value()));
                            return piece.size();
                        },
                        true)
                .await());
        List<Finding> misfiled = new ArrayList<>();
        pages.results(sessionId, piece -> context.vertx()
                .executeBlocking(
                        () -> {
                            piece.forEach(filed -> {
                                verifier.accept(filed.raw().value());
                                if (!isItself(filed)) {
                                    misfiled.add(new Finding(
                                            Finding.Kind.RESULT_CHANGED, sessionId, -1, 0,
                                            "chunk " + filed.chunk() + " of the answer to statement " + filed.statementId() + " is another record in the store"));
                                }
                            });
                            return piece.size();
                        },
                        true)
                .await());
        Report report = verifier.report().with(misfiled);
        ResponseStream.answer(context.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json"), Entries.bytes(ReportJson.of(report)));
    }

    /** How far the session came as its row says: whoever takes away records may have forgotten one of its columns. */
    private static KnownSession folded(String sessionId, JsonObject session) {
        long last = session.getLong("lastSequence");
        long sealed = session.getLong("sealedSequence", -1L) + (session.containsKey("closedAt") ? 1 : 0);
        return sealed > last ? new KnownSession(sessionId, sealed, null) : new KnownSession(sessionId, last, session.getString("lastDigest"));
    }

    /** Whether the record is the chunk that it is filed under: readers are given what lies there. */
    private boolean isItself(EvidenceStore.Filed filed) {
        return codec.decode(filed.raw().value()) instanceof Decoded.Known(var envelope)
                && envelope.data() instanceof ResultRecorded chunk
                && chunk.statementId().equals(filed.statementId())
                && chunk.chunk() == filed.chunk();
    }

    private PublicKeys keys() {
        try {
            return PublicKeys.of(KeySource.read(locations.gateway()), KeySource.read(locations.approval()));
        } catch (IOException e) {
            throw Problem.unavailable("The public keys cannot be read: " + e.getMessage());
        }
    }
}
