// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;

/**
 * What a batch of records changes. Rows are JSON objects by column name and hold only the columns that the batch knows; a column
 * that already has a value keeps it, so that folding the same records again changes nothing.
 */
public record Batch(List<ReadRecord> records, Collection<ObjectNode> sessions, Collection<ObjectNode> statements, List<FindingRow> findings) {}
