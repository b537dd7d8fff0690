// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The entries that were put in last, as many as there is room for: both their number and the memory that they take are bounded, since others choose how
 * long they are. What is longer than all the room is not kept. For one thread at a time.
 */
public final class Latest<K, V> {
    private record Kept<V>(V value, long bytes) {}

    private final int most;
    private final long mostBytes;
    private final ToLongFunction<V> size;
    private final Map<K, Kept<V>> entries = new LinkedHashMap<>();
    private long bytes;

    /**
     * @param most entries
     * @param mostBytes in all of them together
     * @param size how many bytes an entry takes
     */
    public Latest(int most, long mostBytes, ToLongFunction<V> size) {
        this.most = most;
        this.mostBytes = mostBytes;
        this.size = size;
    }

    /** The newest from now on; the eldest go where there is no room. */
    public void put(K key, V value) {
        remove(key);
        var kept = new Kept<>(value, size.applyAsLong(value));
        entries.put(key, kept);
        bytes += kept.bytes;
        for (Iterator<Kept<V>> eldest = entries.values().iterator(); entries.size() > most || bytes > mostBytes; ) {
            bytes -= eldest.next().bytes;
            eldest.remove();
        }
    }

    public @Nullable V get(K key) {
        var kept = entries.get(key);
        return kept == null ? null : kept.value;
    }

    public @Nullable V remove(K key) {
        var kept = entries.remove(key);
        if (kept == null) {
            return null;
        }
        bytes -= kept.bytes;
        return kept.value;
    }

    /** The one that was put in first of those that are there; null if there is none. */
    public @Nullable V eldest() {
        var all = entries.values().iterator();
        return all.hasNext() ? all.next().value : null;
    }

    /** Takes out {@link #eldest}. */
    public void removeEldest() {
        remove(entries.keySet().iterator().next());
    }

    public long bytes() {
        return bytes;
    }
}
