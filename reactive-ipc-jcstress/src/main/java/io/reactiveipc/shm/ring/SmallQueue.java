package io.reactiveipc.shm.ring;

import io.reactiveipc.Delivery;
import io.reactiveipc.Gap;
import io.reactiveipc.Start;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.spi.StreamDefinition.Reading;

/** A small ring that is read by a queue group, and has room for one message before the writer must look at the slots. */
class SmallQueue extends SmallRing {
    private static final Reading READING = new Reading(Start.NEXT, Gap.ERROR, Delivery.queue("workers"), 0, false);

    SmallQueue() {
        super(4096, 3, SlotLayout.FILE_LENGTH);
        fill(2048 - RECORD);
    }

    final QueueReader member() {
        return (QueueReader) attachment().join(READING, false, (consumer, first, last) -> {});
    }

    /** Whether a member gets the next message. */
    static boolean take(QueueReader member) {
        return member.poll() >= 0 && member.claim();
    }
}
