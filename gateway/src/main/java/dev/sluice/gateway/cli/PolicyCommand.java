// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.cli;

import picocli.CommandLine.Command;

/** What a policy's author does at a terminal. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Checks policies, and explains what they say to a statement.",
        subcommands = {CheckCommand.class, ExplainCommand.class})
public final class PolicyCommand {
    private PolicyCommand() {}
}
