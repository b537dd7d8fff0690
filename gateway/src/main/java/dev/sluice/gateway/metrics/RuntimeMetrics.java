// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.metrics;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.function.ToDoubleFunction;

/** What the Java runtime says of itself: memory, collections, threads, processor time. */
public final class RuntimeMetrics {
    private RuntimeMetrics() {}

    /** Adds the gauges. */
    public static void register(Metrics metrics) {
        heap(metrics, "used", MemoryUsage::getUsed);
        heap(metrics, "committed", MemoryUsage::getCommitted);
        heap(metrics, "max", MemoryUsage::getMax);
        metrics.gauge("jvm_threads", "Live threads.", () -> ManagementFactory.getThreadMXBean().getThreadCount());
        metrics.gauge(
                "process_start_time_seconds",
                "Start of the process, in seconds since 1970.",
                () -> ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
        metrics.gauge("process_cpu_seconds", "Processor time spent so far.", () -> ProcessHandle.current().info().totalCpuDuration()
                .map(spent -> spent.toNanos() / 1e9).orElse(Double.NaN));
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            metrics.gauge("jvm_gc_seconds", "Time spent in collections so far.", () -> collector.getCollectionTime() / 1e3, "collector", collector.getName());
        }
    }

    private static void heap(Metrics metrics, String kind, ToDoubleFunction<MemoryUsage> value) {
        metrics.gauge("jvm_heap_bytes", "Memory of the heap.", () -> value.applyAsDouble(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage()), "kind", kind);
    }
}
