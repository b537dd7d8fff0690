// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.cli;

import java.io.Console;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Somebody who can be asked. */
public final class Terminal {
    private final @Nullable Function<String, @Nullable String> questions;

    /** @param console null where nobody sits at one */
    Terminal(@Nullable Console console) {
        this.questions = console == null ? null : question -> console.readLine("%s", question);
    }

    /** @param questions gives an answer to each; null at the end of input */
    public Terminal(Function<String, @Nullable String> questions) {
        this.questions = questions;
    }

    /** The answer without white space around it; null where nobody can be asked. */
    @Nullable String ask(String question) {
        var answer = questions == null ? null : questions.apply(question);
        return answer == null ? null : answer.strip();
    }
}
