package io.reactiveipc.benchmarks.role;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/**
 * What a process has used since it started.
 *
 * @param cpuNanos processor time of all threads
 * @param allocatedBytes by the threads that live now
 * @param collections of garbage
 */
public record Usage(long cpuNanos, long allocatedBytes, long collections) {
    static Usage now() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            allocated += Math.max(0, bytes);
        }
        long collections = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
        return new Usage(system.getProcessCpuTime(), allocated, collections);
    }

    String words() {
        return cpuNanos + " " + allocatedBytes + " " + collections;
    }

    /** Reads {@link #words()}, which start at index 1. */
    public static Usage of(String[] words) {
        return new Usage(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
    }

    public Usage minus(Usage earlier) {
        return new Usage(
                cpuNanos - earlier.cpuNanos,
                allocatedBytes - earlier.allocatedBytes,
                collections - earlier.collections);
    }

    public Usage plus(Usage other) {
        return new Usage(
                cpuNanos + other.cpuNanos, allocatedBytes + other.allocatedBytes, collections + other.collections);
    }
}
