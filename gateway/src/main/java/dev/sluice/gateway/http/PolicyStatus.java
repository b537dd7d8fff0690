// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.http;

import java.util.List;

/**
 * The policy in force.
 *
 * @param problems why the file's newer content is not in force; empty if it is
 * @param masks how its masks bind, by database
 */
public record PolicyStatus(String version, String mode, List<String> problems, List<MaskStatus> masks) {
    public PolicyStatus {
        masks = List.copyOf(masks);
        problems = List.copyOf(problems);
    }
}
