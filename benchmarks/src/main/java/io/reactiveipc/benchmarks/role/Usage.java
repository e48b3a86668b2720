package io.reactiveipc.benchmarks.role;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a process has used since it started.
 *
 * @param processNanos processor time of all threads, in steps of 10 ms
 * @param threadNanos processor time of the threads that live now, to the nanosecond; -1 where the system does not tell
 * @param allocatedBytes by the threads that live now, and by those that did at an earlier reading, up to then
 * @param collections of garbage
 */
public record Usage(long processNanos, long threadNanos, long allocatedBytes, long collections) {
    public static final Usage NONE = new Usage(0, 0, 0, 0);

    private static final Path THREADS = Path.of("/proc/self/task");

    /** Two steps of either reading, and a few processes summed: less than a thread that ended meanwhile has used. */
    private static final long ROUNDING_NANOS = 100_000_000;

    /** By thread, as last read: a thread that has ended tells nothing, and what it had allocated would be missing. */
    private static final Map<Long, Long> ALLOCATED = new HashMap<>();

    static synchronized Usage now() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] alive = threads.getAllThreadIds();
        long[] bytes = threads.getThreadAllocatedBytes(alive); // -1 for one that has ended in between
        for (int i = 0; i < alive.length; i++) {
            ALLOCATED.merge(alive[i], bytes[i], Math::max);
        }
        long allocated =
                ALLOCATED.values().stream().mapToLong(sum -> Math.max(0, sum)).sum();
        long collections = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
        return new Usage(system.getProcessCpuTime(), ofThreads(), allocated, collections);
    }

    private static long ofThreads() {
        long sum = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                sum += ofThread(thread);
            }
            return sum;
        } catch (IOException | DirectoryIteratorException e) {
            return -1;
        }
    }

    private static long ofThread(Path thread) throws IOException {
        try {
            String text = Files.readString(thread.resolve("schedstat"));
            return Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (NoSuchFileException e) {
            if (Files.exists(thread)) {
                throw e; // a system without this file
            }
            return 0; // it ended in between
        }
    }

    /**
     * Processor time. Of a difference of two readings: to the nanosecond, unless threads have ended in between, whose time is
     * only in the coarse figure.
     */
    public long cpuNanos() {
        boolean precise = threadNanos >= 0 && Math.abs(processNanos - threadNanos) < ROUNDING_NANOS;
        return precise ? threadNanos : processNanos;
    }

    String words() {
        return processNanos + " " + threadNanos + " " + allocatedBytes + " " + collections;
    }

    /** Reads {@link #words()}, which start at index 1. */
    public static Usage of(String[] words) {
        return new Usage(
                Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]), Long.parseLong(words[4]));
    }

    /** Of several processes together. */
    public static Usage sum(Stream<Usage> usages) {
        return usages.reduce(NONE, Usage::plus);
    }

    public Usage minus(Usage earlier) {
        return new Usage(
                processNanos - earlier.processNanos,
                threadNanos < 0 || earlier.threadNanos < 0 ? -1 : threadNanos - earlier.threadNanos,
                allocatedBytes - earlier.allocatedBytes,
                collections - earlier.collections);
    }

    private Usage plus(Usage other) {
        return new Usage(
                processNanos + other.processNanos,
                threadNanos < 0 || other.threadNanos < 0 ? -1 : threadNanos + other.threadNanos,
                allocatedBytes + other.allocatedBytes,
                collections + other.collections);
    }
}
