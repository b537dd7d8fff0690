// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

/** Whose login opens the connection to a target. */
public enum CredentialMode {
    /** The gateway's own: the client proves itself to the gateway and never learns the target's credential. */
    STORED,
    /** The client's own PostgreSQL login, relayed message by message; the server decides who it is. */
    PASSTHROUGH
}
