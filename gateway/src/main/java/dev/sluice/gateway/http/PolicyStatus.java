// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.http;

import java.util.List;

/**
 * The policy in force.
 *
 * @param problems why the file's newer content is not in force; empty if it is
 */
public record PolicyStatus(String version, String mode, List<String> problems) {
    public PolicyStatus {
        problems = List.copyOf(problems);
    }
}
