// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.MaskPlan;
import dev.sluice.gateway.masking.MaskTokens;
import dev.sluice.gateway.masking.WrittenBack;
import dev.sluice.gateway.statement.WrittenConstants;
import dev.sluice.schemas.event.StatementEvent;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The constants and parameters of a statement that writes, in which what masks have shown is looked for. For any thread.
 *
 * @param sql null where the text is not known
 */
public record WrittenValues(WrittenBack written, @Nullable String sql, List<StatementEvent.Parameter> parameters) {
    /** Characters; to search these takes about a millisecond where each few of them have to be checked for a sign. */
    private static final int SMALL = 16 * 1_024;

    private static final int LONGEST_NAMED = 1_000;

    public WrittenValues {
        parameters = List.copyOf(parameters);
    }

    /** @return null where nothing that is written could be of a mask */
    static @Nullable WrittenValues of(Judged judged, BoundMasks masks, MaskTokens tokens) {
        WrittenBack written = WrittenBack.of(masks, judged.reading().statements(), tokens);
        return written == null ? null : new WrittenValues(written, judged.source().sql(), judged.parameters());
    }

    /** Whether other sessions would wait too long if these were searched in between. */
    boolean areLarge() {
        long length = sql == null ? 0 : sql.length();
        for (StatementEvent.Parameter parameter : parameters) {
            String value = parameter.value();
            length += value == null ? 0 : value.length();
        }
        return length > SMALL;
    }

    /** Why the statement may not run; null if none of the values is what a mask shows. */
    public MaskPlan.@Nullable Refused objection() {
        String shown = firstShown();
        return shown == null ? null : new MaskPlan.Refused("it would write " + shown + ", which is what a mask shows, in place of a value", "Leave the column as it is: name only the columns that change.");
    }

    private @Nullable String firstShown() {
        String constant = sql == null ? null : WrittenConstants.first(sql, written::isShown);
        if (constant != null) {
            return constant.length() > LONGEST_NAMED ? "a constant of " + constant.length() + " characters" : "'" + constant + "'";
        }
        for (int i = 0; i < parameters.size(); i++) {
            if (isShown(parameters.get(i))) {
                return "$" + (i + 1);
            }
        }
        return null;
    }

    private boolean isShown(StatementEvent.Parameter parameter) {
        String value = parameter.value();
        return value != null
                && switch (parameter.format()) {
                    case "text" -> written.isShown(value);
                    case "binary" -> written.isShown(Base64.getDecoder().decode(value));
                    // Not UTF-8: what masks show is ASCII, which most encodings have in its place.
                    case "text-base64" -> written.isShown(new String(Base64.getDecoder().decode(value), StandardCharsets.ISO_8859_1));
                    default -> false;
                };
    }
}
