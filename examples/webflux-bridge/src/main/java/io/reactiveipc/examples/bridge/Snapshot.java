package io.reactiveipc.examples.bridge;

import java.util.List;

/**
 * One look at the machine. Rates are per second, since the look before.
 *
 * @param sequence counts the looks of one process, from 0
 * @param pid the process that looked
 * @param takenAt milliseconds since 1970
 * @param ring the publisher's own view of the ring that carries this
 * @param cores the load of each, from 0 to 1
 * @param processCount how many processes there are
 * @param processes the first ones in the order of the settings
 */
public record Snapshot(
        long sequence,
        long pid,
        long takenAt,
        Settings settings,
        Ring ring,
        List<Double> cores,
        Memory memory,
        List<Traffic> network,
        int processCount,
        List<Task> processes) {

    /** @param freeBytes what the slowest subscriber leaves free */
    public record Ring(long capacityBytes, long freeBytes, int subscribers) {}

    public record Memory(
            long totalBytes, long availableBytes, long cachedBytes, long swapTotalBytes, long swapFreeBytes) {}

    /** One network interface. */
    public record Traffic(String name, double receivedBytes, double sentBytes) {}

    /** @param cpu processors in use; 1 is one whole core */
    public record Task(long pid, String name, double cpu, long residentBytes) {}
}
