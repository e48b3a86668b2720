package io.reactiveipc.benchmarks.role;

import io.reactiveipc.benchmarks.peer.BadDataException;

/** Which message has to come next, from each of several senders: none lost, none twice, none out of order. */
final class Arrivals {
    /** The upper bits of a sequence tell the sender. */
    static final int SOURCE_SHIFT = 48;

    private static final long NUMBER = (1L << SOURCE_SHIFT) - 1;

    private final long[] next;
    private long count;

    Arrivals(int senders) {
        next = new long[senders];
    }

    static long first(int source) {
        return (long) source << SOURCE_SHIFT;
    }

    /** Notes one; returns how many there were in all. */
    long note(long sequence) {
        int source = (int) (sequence >>> SOURCE_SHIFT);
        long number = sequence & NUMBER;
        if (source >= next.length || number != next[source]) {
            throw new BadDataException("message " + number + " of sender " + source + " arrived where "
                    + (source < next.length ? next[source] : -1) + " was next");
        }
        next[source] = number + 1;
        return ++count;
    }
}
