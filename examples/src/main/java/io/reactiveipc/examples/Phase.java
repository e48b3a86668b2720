package io.reactiveipc.examples;

import io.reactiveipc.Codec;
import io.reactiveipc.StreamSpec;

/** The demo's parts; each has a stream of its own. */
enum Phase {
    /** As fast as the slowest client takes it: throughput. A message's latency is then mostly its place in the queue. */
    FLOOD,
    /** At a fixed rate that leaves the ring nearly empty: latency. */
    PACED;

    StreamSpec<byte[]> stream() {
        return StreamSpec.of(word(), Codec.bytes()).timestamps(true);
    }

    String word() {
        return this == FLOOD ? "flood" : "paced";
    }

    static Phase of(String word) {
        return word.equals(FLOOD.word()) ? FLOOD : PACED;
    }
}
