// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line for people. */
@Command(
        name = "sluice",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Sluice at the command line.",
        subcommands = ApprovalsCommand.class)
public final class Sluice {
    private Sluice() {}

    /** Runs one command and ends the process with its exit code: 0 done, 1 refused or not possible, 2 wrongly called. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The commands, with votes confirmed by whoever sits at the console. */
    public static CommandLine commandLine() {
        return commandLine(new Terminal(System.console()));
    }

    /** @param terminal whom a vote is confirmed by */
    public static CommandLine commandLine(Terminal terminal) {
        var commands = new CommandLine(new Sluice());
        commands.setExecutionExceptionHandler((failure, command, _) -> {
            command.getErr().println(failure.getMessage() == null ? failure.toString() : failure.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
        ApprovalsCommand approvals = commands.getSubcommands().get("approvals").getCommand();
        approvals.confirmBy(terminal);
        return commands;
    }
}
