// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.cli;

import dev.sluice.gateway.policy.PolicyReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads policies as the gateway does, and says what is wrong or odd about them. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Reads policies as a gateway does at its start. Each problem is one line: file, line, column, reason.",
            "Warnings are about what loads and may not do what was meant."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every file would be loaded", "1:a file has problems, or warnings with --strict", "2:wrong use, or a file cannot be read"})
final class CheckCommand implements Callable<Integer> {
    static final int PROBLEMS = 1;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Policies, YAML.")
    private List<Path> files = List.of();

    @Option(names = "--strict", description = "Warnings count as problems.")
    private boolean strict;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        boolean wrong = false;
        for (Path file : files) {
            String text = text(file, spec);
            List<String> problems = PolicyReader.check(file.toString(), text);
            List<String> warnings = problems.isEmpty() ? PolicyReader.warnings(file.toString(), text) : List.of();
            problems.forEach(problem -> err.println(Plain.text(problem)));
            warnings.forEach(warning -> err.println(Plain.text(warning)));
            wrong |= !problems.isEmpty() || (strict && !warnings.isEmpty());
            if (problems.isEmpty()) {
                out.println(file + ": version " + PolicyReader.read(file.toString(), text).version() + (warnings.isEmpty() ? "" : ", " + Plain.count(warnings.size(), "warning")));
            }
        }
        out.flush();
        err.flush();
        return wrong ? PROBLEMS : 0;
    }

    static String text(Path file, CommandSpec spec) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new picocli.CommandLine.ParameterException(spec.commandLine(), file + " cannot be read: " + unreadable.getClass().getSimpleName());
        }
    }
}
