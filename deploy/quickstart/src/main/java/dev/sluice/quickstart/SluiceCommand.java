// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import dev.sluice.approval.cli.Sluice;
import dev.sluice.audit.VerifyCommand;
import dev.sluice.audit.client.AuditCommand;
import dev.sluice.gateway.cli.PolicyCommand;
import picocli.CommandLine;

/** {@code sluice}: the commands of all three services under one name. {@code deploy/sluice} starts it. */
public final class SluiceCommand {
    private SluiceCommand() {}

    /** Runs one command and ends the process with its exit code: 0 done, 1 refused, amiss or not possible, 2 wrongly called. */
    public static void main(String[] arguments) {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "quickstart-logback.xml");
        }
        System.exit(commandLine().execute(arguments));
    }

    /** Each command is the one of its own service. */
    static CommandLine commandLine() {
        CommandLine commands = Sluice.commandLine();
        commands.addSubcommand(AuditCommand.class);
        commands.addSubcommand(VerifyCommand.class);
        commands.addSubcommand(PolicyCommand.class);
        commands.setExecutionExceptionHandler(commands.getExecutionExceptionHandler());
        return commands;
    }
}
