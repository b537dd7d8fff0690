// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

/** Where the data of a COPY goes: to or from the client, a file of the server, or a program on the server. */
public enum CopyDirection {
    NONE,
    /** COPY FROM STDIN: the client sends. */
    IN,
    /** COPY TO STDOUT: the client receives. */
    OUT,
    FILE,
    PROGRAM
}
