// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.http.Routes.Rule;
import dev.sluice.audit.projection.RawRecord;
import dev.sluice.audit.store.EvidenceStore;
import dev.sluice.audit.store.Filters;
import dev.sluice.audit.store.Page;
import dev.sluice.audit.store.SessionSearch;
import dev.sluice.audit.store.StatementSearch;
import dev.sluice.audit.store.Visibility;
import dev.sluice.audit.verify.BundleWriter;
import dev.sluice.audit.verify.EvidenceFile;
import dev.sluice.audit.verify.KeySource;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.TrustedKeys;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Evidence to take away: sessions as exact records or as a signed bundle, statements as a table. Streams of any length. */
final class ExportRoutes {
    private static final int PIECE = 500;
    /** Each may have a long query. */
    private static final int STATEMENTS_PIECE = 100;
    private static final List<String> COLUMNS = List.of(
            "startedAt", "sessionId", "statementId", "principal", "target", "query", "kinds", "effects", "relations", "bounded", "outcome", "rule",
            "approvalId", "approvers", "sqlstate", "refusalSqlstate", "commandTags", "rowCount", "byteCount", "durationMicros", "answerDigest");

    private final EvidenceStore store;
    private final SessionSearch sessions;
    private final StatementSearch search;
    private final RecordPages pages;
    private final AuditConfig.Keys keys;
    private final SigningKey key;
    private final Clock clock;

    ExportRoutes(EvidenceStore store, SessionSearch sessions, StatementSearch search, AuditConfig.Keys keys, SigningKey key, Clock clock) {
        this.store = store;
        this.sessions = sessions;
        this.search = search;
        this.pages = new RecordPages(store);
        this.keys = keys;
        this.key = key;
        this.clock = clock;
    }

    void addTo(Routes routes) {
        routes.get("/v1/export/sessions", Rule.AUDITOR, this::sessions);
        routes.get("/v1/export/statements", Rule.AUDITOR, this::statements);
        routes.open("/.well-known/jwks.json", context -> context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/jwk-set+json")
                .end(key.publicKeys().toJson()));
    }

    private void sessions(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, StatementParameters.ofSessionsAnd("format", "sessionId"));
        Instant now = clock.instant();
        Filters.Span span = StatementParameters.span(parameters);
        // A session that begins meanwhile would be among the records and not in the list.
        var closedSpan = new Filters.Span(span.from(), span.to() == null || span.to().isAfter(now) ? now : span.to());
        Filters.Sessions filter = StatementParameters.sessions(parameters, closedSpan);
        String sessionId = parameters.text("sessionId");
        String format = parameters.text("format");
        try {
            if (format == null || format.equals("bundle")) {
                bundle(context, caller, filter, sessionId, now);
            } else if (format.equals("ndjson")) {
                ResponseStream out = stream(context, "application/x-ndjson", "records.ndjson");
                records(out, filter, caller.visibility(), sessionId);
                out.finish();
            } else {
                throw Problem.badRequest("The parameter format is bundle or ndjson.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void bundle(RoutingContext context, Caller caller, Filters.Sessions filter, @Nullable String sessionId, Instant now) throws IOException {
        TrustedKeys gateway = keys(context, keys.gateway());
        TrustedKeys approval = keys(context, keys.approval());
        ResponseStream out = stream(context, "application/zip", "evidence.zip");
        var bundle = new BundleWriter(out);
        bundle.head(gateway, approval, key);
        bundle.sessions(lines -> each(filter, caller.visibility(), sessionId, session -> lines.write(
                BundleWriter.session(session.getString("sessionId"), session.getLong("lastSequence"), session.getString("lastDigest")))));
        bundle.records(lines -> records(lines, filter, caller.visibility(), sessionId));
        ObjectNode selection = JsonNodeFactory.instance.objectNode();
        context.queryParams().forEach(selection::put);
        bundle.finish(key, now, caller.principal().subject(), selection);
        out.finish();
    }

    private void records(OutputStream out, Filters.Sessions filter, Visibility visibility, @Nullable String sessionId) throws IOException {
        var told = new RecordPages.Told();
        each(filter, visibility, sessionId, session -> {
            String id = session.getString("sessionId");
            pages.raw(id, visibility, told, piece -> write(out, piece));
            pages.results(id, piece -> write(out, piece.stream().map(EvidenceStore.Filed::raw).toList()));
        });
    }

    private static void write(OutputStream out, List<RawRecord> records) {
        try {
            for (RawRecord record : records) {
                out.write(EvidenceFile.line(record.value()));
                out.write('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is done with each session of an export. */
    @FunctionalInterface
    private interface Taker {
        void take(JsonObject session) throws IOException;
    }

    private void each(Filters.Sessions filter, Visibility visibility, @Nullable String sessionId, Taker taker) throws IOException {
        if (sessionId != null) {
            JsonObject session = store.session(sessionId).await();
            if (session == null || !visibility.sees(session.getString("target"))) {
                throw Problem.notFound("No session " + sessionId + " has been recorded.");
            }
            taker.take(session);
            return;
        }
        String cursor = null;
        do {
            Page page = sessions.page(filter, visibility, SessionSearch.Sort.STARTED, true, cursor, PIECE).await();
            for (JsonObject session : page.items()) {
                taker.take(session);
            }
            cursor = page.next();
        } while (cursor != null);
    }

    private void statements(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, StatementParameters.and("format"));
        Filters.Statements filter = StatementParameters.read(parameters);
        String format = parameters.text("format");
        boolean csv = format == null || format.equals("csv");
        if (!csv && !format.equals("ndjson")) {
            throw Problem.badRequest("The parameter format is csv or ndjson.");
        }
        try {
            ResponseStream out = csv ? stream(context, "text/csv; charset=utf-8", "statements.csv") : stream(context, "application/x-ndjson", "statements.ndjson");
            if (csv) {
                out.write(Csv.line(COLUMNS).getBytes(StandardCharsets.UTF_8));
            }
            String cursor = null;
            do {
                Page page = search.page(filter, caller.visibility(), StatementSearch.Sort.STARTED, true, cursor, STATEMENTS_PIECE).await();
                for (JsonObject row : page.items()) {
                    out.write((csv ? Csv.line(row, COLUMNS) : row.encode() + "\n").getBytes(StandardCharsets.UTF_8));
                }
                cursor = page.next();
            } while (cursor != null);
            out.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ResponseStream stream(RoutingContext context, String type, String file) {
        HttpServerResponse response = context.response();
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + file + "\"");
        return new ResponseStream(response);
    }

    private static @Nullable TrustedKeys keys(RoutingContext context, @Nullable String location) {
        return context.vertx()
                .executeBlocking(
                        () -> {
                            try {
                                return KeySource.read(location);
                            } catch (IOException e) {
                                throw Problem.unavailable("The public keys cannot be read: " + e.getMessage());
                            }
                        },
                        false)
                .await();
    }
}
