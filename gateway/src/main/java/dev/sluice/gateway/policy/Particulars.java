// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one statement beyond what its template says. A rule that asks for what is not known cannot be shown not to hold: if it holds
 * or denies, it does.
 *
 * @param textLength of the text, in UTF-16 units
 * @param parameters as they are recorded; NULL is the empty string. Empty where none are bound yet
 * @param dependsOnMasked whether the statement makes use of a column that is masked for the caller; null where that has not been found out
 * @param estimatedRows how many rows the planner expects the statement to read or touch; null where it has not been asked, or has not answered
 */
public record Particulars(long textLength, List<String> parameters, @Nullable Boolean dependsOnMasked, @Nullable Long estimatedRows) {
    /** What a rule may have to know and the statement's text does not say. */
    public enum Unknown {
        /** Needs the statement's lineage. */
        DEPENDS_ON_MASKED("dependsOnMasked"),
        /** Needs the planner. */
        ESTIMATED_ROWS("estimatedRows");

        private final String field;

        Unknown(String field) {
            this.field = field;
        }

        /** The one that conditions spell so. */
        static Optional<Unknown> of(String field) {
            return Arrays.stream(values()).filter(unknown -> unknown.field.equals(field)).findFirst();
        }

        /** As conditions spell it. */
        public String field() {
            return field;
        }
    }

    public Particulars {
        parameters = List.copyOf(parameters);
    }

    /** All that a text says by itself. */
    public static Particulars ofText(String sql) {
        return new Particulars(sql.length(), List.of(), null, null);
    }

    public Particulars masked(boolean depends) {
        return new Particulars(textLength, parameters, depends, estimatedRows);
    }

    public Particulars estimated(@Nullable Long rows) {
        return new Particulars(textLength, parameters, dependsOnMasked, rows);
    }
}
