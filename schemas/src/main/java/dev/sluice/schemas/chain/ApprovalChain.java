// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.chain;

import java.nio.charset.StandardCharsets;

/**
 * The history of one approval in one number: each step hashes the number before it and the next record's hash. Several replicas append to
 * one approval at the same time, so none of them can name the record before its own; the order is the log's, and the number is computed from
 * the log by whoever reads it.
 *
 * @param records how many are in it
 * @param hash 64 hexadecimal digits
 */
public record ApprovalChain(long records, String hash) {
    /** Of an approval without a record. */
    public static final ApprovalChain START = new ApprovalChain(0, HashChain.START);

    /** With the next record, byte for byte as it lies in Kafka. */
    public ApprovalChain with(byte[] record) {
        return new ApprovalChain(records + 1, HashChain.hash((hash + HashChain.hash(record)).getBytes(StandardCharsets.US_ASCII)));
    }
}
