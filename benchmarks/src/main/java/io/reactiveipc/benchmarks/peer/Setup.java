package io.reactiveipc.benchmarks.peer;

import java.nio.file.Path;

/**
 * What an end is to be.
 *
 * @param directory for its files; shared by both sides and fresh for each measurement
 * @param sender whether this is the side that starts: it sends, or calls and hears answers
 * @param duplex whether the other side answers
 * @param link which of several links between the two sides, from 0; always 0 for shared streams
 * @param senders how many processes send on it
 * @param receivers how many ends receive from it
 * @param length bytes of each message
 * @param waiting how it waits
 * @param silentStreams how many streams are open beside the one measured
 */
public record Setup(
        Path directory,
        boolean sender,
        boolean duplex,
        int link,
        int senders,
        int receivers,
        int length,
        Waiting waiting,
        int silentStreams) {
    private static final int USUAL_CAPACITY = 4 * 1024 * 1024;

    /** Bytes of a ring: 4 MiB, or what messages of that length need to be at most an eighth of it. */
    public int capacity() {
        return Math.max(USUAL_CAPACITY, Integer.highestOneBit(length * 8) * 2);
    }

    public boolean sends() {
        return sender || duplex;
    }

    public boolean hears() {
        return !sender || duplex;
    }

    /** What the direction from this side to the other is called. */
    public String outgoing() {
        return (sender ? "there-" : "back-") + link;
    }

    public String incoming() {
        return (sender ? "back-" : "there-") + link;
    }
}
