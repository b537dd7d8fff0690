// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.policy.Decision;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.gateway.statement.Traceparent;
import dev.sluice.gateway.wire.FrontendMessage.BoundParameter;
import dev.sluice.gateway.wire.TransactionStatus;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.StatementEvent.MaskedColumn;
import dev.sluice.schemas.signature.StatementDigest;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns what the session knows into the events that it records. */
final class StatementRecords {
    /** The same statement comes again and again; its facts are put into words once. Keyed by identity, gone with the reading. */
    private static final Cache<List<StatementFacts>, StatementEvent.Facts> FACTS =
            Caffeine.newBuilder().weakKeys().maximumSize(10_000).executor(Runnable::run).build();

    private StatementRecords() {}

    static StatementEvent.StatementDecided decided(SessionContext context, String statementId, Judged judged, TransactionStatus status) {
        Decision decision = judged.decision();
        String sql = judged.source().sql();
        return new StatementEvent.StatementDecided(
                statementId,
                judged.protocol(),
                judged.reading().redactedSql(),
                StatementDigest.ofText(judged.reading().redactedSql()),
                judged.parameters(),
                facts(judged.reading()),
                outcome(decision),
                decision.rule(),
                reason(decision),
                judged.enforced(),
                masks(judged),
                judged.policyVersion(),
                status.name(),
                null,
                Traceparent.ofComment(sql == null ? judged.reading().redactedSql() : sql),
                maskedColumns(judged),
                hidden(context, judged, decision instanceof Decision.Hold),
                decision instanceof Decision.Hold ? judged.meanings().inWords() : null);
    }

    /** Where and for how long a statement is held. */
    record Terms(String statementId, String approvalId, Decision.Hold hold, SurroundingsInquiry.Surroundings surroundings, BoundObjects objects, Instant expiry, boolean returns) {}

    static StatementEvent.StatementHeld held(SessionContext context, Judged judged, Terms terms, boolean inTransaction) {
        String text = judged.reading().redactedSql();
        Decision.Hold hold = terms.hold;
        SurroundingsInquiry.Surroundings surroundings = terms.surroundings;
        var held = new StatementEvent.StatementHeld(
                terms.statementId,
                terms.approvalId,
                context.sessionId(),
                "",
                text,
                judged.parameters(),
                facts(judged.reading()),
                hold.rule(),
                hold.reason(),
                hold.approvers(),
                hold.quorum(),
                terms.expiry,
                context.principal(),
                context.target(),
                context.database(),
                context.application(),
                context.clientAddress(),
                inTransaction,
                hold.all().isEmpty() ? null : hold.all(),
                hold.autoApproveBelow(),
                judged.estimatedRows(),
                surroundings.role(),
                surroundings.searchPath(),
                terms.returns ? StatementEvent.HoldMode.RETURN : null,
                judged.policyVersion(),
                terms.objects.version(),
                hidden(context, judged, true),
                judged.meanings().inWords());
        return held.under(StatementDigest.bound(held));
    }

    /** Null where the text is shown as it was sent. Bound to who has sent it: nobody can try out guesses at what another one hides. */
    private static StatementEvent.@Nullable Hidden hidden(SessionContext context, Judged judged, boolean withMeanings) {
        Principal principal = context.principal();
        var sent = new ArrayList<>(List.of(
                principal.subject(), principal.issuer(), principal.onBehalfOf() == null ? "" : "for " + principal.onBehalfOf(), judged.reading().sentSql()));
        int hidden = judged.reading().hidden();
        for (Meanings.Meaning meaning : withMeanings ? judged.meanings().known() : List.<Meanings.Meaning>of()) {
            sent.add(meaning.text().sentSql());
            hidden += meaning.text().hidden();
        }
        return hidden == 0 ? null : new StatementEvent.Hidden(hidden, context.maskTokens().seal(sent));
    }

    private static List<String> masks(Judged judged) {
        List<Masking> maskings = judged.maskings();
        return maskings == null ? List.of() : maskings.stream().flatMap(masking -> masking.names().stream()).distinct().sorted().toList();
    }

    private static @Nullable List<MaskedColumn> maskedColumns(Judged judged) {
        List<Masking> maskings = judged.maskings();
        if (judged.exposed().isEmpty() && (maskings == null || maskings.stream().allMatch(masking -> masking.names().isEmpty()))) {
            return null;
        }
        var columns = new LinkedHashSet<MaskedColumn>();
        for (Masking masking : maskings == null ? List.<Masking>of() : maskings) {
            BoundMasks masks = masking.masks();
            for (String name : masks == null ? List.<String>of() : masking.names()) {
                masks.masks().stream()
                        .filter(mask -> mask.name().equals(name))
                        .forEach(mask -> columns.add(new MaskedColumn(name, mask.rule(), mask.mask().word(), null)));
            }
        }
        columns.addAll(judged.exposed());
        return List.copyOf(columns);
    }

    static StatementEvent.Facts facts(Reading.Understood reading) {
        return FACTS.get(reading.statements(), RecordedFacts::of);
    }

    static StatementEvent.Outcome outcome(Decision decision) {
        return switch (decision) {
            case Decision.Allow allow -> StatementEvent.Outcome.ALLOW;
            case Decision.Deny deny -> StatementEvent.Outcome.DENY;
            case Decision.Hold hold -> StatementEvent.Outcome.HOLD;
        };
    }

    static List<StatementEvent.Parameter> parameters(List<BoundParameter> bound, List<Integer> types) {
        var parameters = new ArrayList<StatementEvent.Parameter>(bound.size());
        for (int i = 0; i < bound.size(); i++) {
            BoundParameter parameter = bound.get(i);
            int type = i < types.size() ? types.get(i) : 0;
            Buffer value = parameter.value();
            if (parameter.format() != 0) {
                parameters.add(new StatementEvent.Parameter(type, "binary", value == null ? null : base64(value)));
            } else if (value == null) {
                parameters.add(new StatementEvent.Parameter(type, "text", null));
            } else {
                parameters.add(ofText(type, value));
            }
        }
        return parameters;
    }

    /** In another client encoding, or broken: whatever it is, its bytes are kept. */
    private static StatementEvent.Parameter ofText(int type, Buffer value) {
        byte[] bytes = value.getBytes();
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean utf8 = text.indexOf('\uFFFD') < 0 || Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes);
        return utf8 ? new StatementEvent.Parameter(type, "text", text) : new StatementEvent.Parameter(type, "text-base64", base64(value));
    }

    private static String base64(Buffer value) {
        return Base64.getEncoder().encodeToString(value.getBytes());
    }

    private static @Nullable String reason(Decision decision) {
        return switch (decision) {
            case Decision.Allow allow -> null;
            case Decision.Deny deny -> deny.reason();
            case Decision.Hold hold -> hold.reason();
        };
    }
}
