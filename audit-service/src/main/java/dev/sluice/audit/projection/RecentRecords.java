// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which records of chains were read lately. A producer that had to be replaced sends again everything that was not acknowledged, in its order: such records
 * are told by it from reordered and forged ones. Bounded; a record that comes again later than that counts as out of its order. For one thread.
 */
public final class RecentRecords {
    /** More than a producer keeps unacknowledged. */
    static final int REMEMBERED = 65_536;

    /** Characters of a chain's name. Those of gateways and of the audit-service are shorter; what writes longer ones is neither. */
    static final int LONGEST_NAME = 200;

    private record Place(String chain, long sequence) {}

    private final Map<Place, String> digests = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, String> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** The record that was read has this place in its chain. */
    public void read(String chain, long sequence, String digest) {
        if (chain.length() <= LONGEST_NAME) {
            digests.put(new Place(chain, sequence), digest);
        }
    }

    /** Whether the very same bytes were read there before. */
    public boolean has(String chain, long sequence, String digest) {
        return digest.equals(digests.get(new Place(chain, sequence)));
    }
}
