package io.reactiveipc.process;

import io.reactiveipc.shm.ShmDataPlaneProvider;
import io.reactiveipc.spi.DataPlane;
import io.reactiveipc.spi.Memory;
import io.reactiveipc.spi.NodeOptions;
import io.reactiveipc.spi.RingProducer;
import io.reactiveipc.spi.StreamDefinition;
import io.reactiveipc.spi.WaitStrategy;
import org.agrona.concurrent.AtomicBuffer;

/** A publisher that hands messages over in batches, which only the SPI offers: on a data plane of its own. */
final class BatchSender {
    private static final int BATCH = 5;

    private final RingProducer ring;
    private final Payload payload;
    private final boolean staging;

    private BatchSender(RingProducer ring, Payload payload, boolean staging) {
        this.ring = ring;
        this.payload = payload;
        this.staging = staging;
    }

    /** Returns when somebody subscribes. */
    static BatchSender open(Line command) {
        DataPlane plane =
                new ShmDataPlaneProvider().open(new NodeOptions("batches", null, WaitStrategy.adaptive(), false));
        RingProducer ring = plane.publish(
                StreamDefinition.of(command.text("stream"), "numbers").withCapacity((int) command.number("capacity")));
        while (ring.subscriberCount() == 0) {
            Thread.onSpinWait();
        }
        return new BatchSender(
                ring, Peer.payload(command, command.number("seed")), Boolean.parseBoolean(command.text("staging")));
    }

    /** They have to fit into the ring. */
    void send(long batches) {
        for (long number = 0; number < batches * BATCH; number++) {
            if (number % BATCH == 0) {
                ring.beginBatch();
            }
            int length = payload.length(number);
            AtomicBuffer message = Memory.wrap(new byte[length]);
            payload.write(message, number, length);
            if (staging && ring.openStage(length)) {
                ring.stagingBuffer().putBytes(ring.tryClaimStaged(length), message, 0, length);
                ring.commitStaged(length);
            } else {
                ring.buffer().putBytes(ring.tryClaim(length), message, 0, length);
                ring.commit(length);
            }
            if (number % BATCH == BATCH - 1) {
                ring.endBatch();
            }
        }
    }
}
