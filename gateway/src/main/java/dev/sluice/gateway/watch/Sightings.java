// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.watch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which strangers have been seen, and which have been told of. One that is seen once may be a session of ours that has just begun or ended: only
 * what is there at two looks in a row counts. For one thread, except {@link #present}.
 */
final class Sightings<S> {
    private final Set<String> seen = new HashSet<>();
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** Takes all strangers of one look; gives those that were there at the look before too and have not been told of. */
    Map<String, S> look(Map<String, S> strangers) {
        Map<String, S> fresh = new HashMap<>(strangers);
        fresh.keySet().retainAll(seen);
        fresh.keySet().removeAll(told);
        seen.clear();
        seen.addAll(strangers.keySet());
        told.retainAll(strangers.keySet());
        return fresh;
    }

    /** This one need not be told of again. */
    void told(String stranger) {
        told.add(stranger);
    }

    /** How many that were told of are still there. */
    int present() {
        return told.size();
    }
}
