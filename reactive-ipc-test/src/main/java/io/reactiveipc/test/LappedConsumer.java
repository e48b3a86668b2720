package io.reactiveipc.test;

import io.reactiveipc.Gap;
import io.reactiveipc.LappedException;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.test.internal.DelegatingConsumer;
import org.jspecify.annotations.Nullable;

/** A reader that finds messages overwritten which the test has said so of, and does what its gap says. */
final class LappedConsumer extends DelegatingConsumer {
    private static final long NONE = -1;

    private final MemoryRing ring;
    private final Gap gap;
    private final Losses losses;
    private long firstMissing = NONE;
    private long lastMissing;
    private long goOnWith;
    private @Nullable LappedException failure;

    LappedConsumer(RingConsumer consumer, MemoryRing ring, Gap gap, Losses losses) {
        super(consumer);
        this.ring = ring;
        this.gap = gap;
        this.losses = losses;
    }

    @Override
    public int poll() {
        if (failure != null) {
            throw failure; // also if somebody who only looked has met it first
        }
        int index = super.poll();
        while (index >= 0 && misses(sequence())) {
            lastMissing = sequence();
            super.advance();
            index = super.poll();
        }
        if (index >= 0 && firstMissing != NONE) {
            tell();
        }
        return index;
    }

    private boolean misses(long sequence) {
        if (sequence >= goOnWith && !ring.isOverwritten(sequence)) {
            return false;
        }
        if (firstMissing == NONE) {
            firstMissing = sequence;
            goOnWith = gap == Gap.SKIP_TO_LATEST ? ring.newest() : 0;
        }
        return true;
    }

    /** As in a ring that went round, the message behind the gap tells what is missing. */
    private void tell() {
        long first = firstMissing;
        firstMissing = NONE;
        losses.onGap(this, first, lastMissing);
        if (gap == Gap.ERROR) {
            failure = new LappedException(
                    "session " + sessionId() + ": the publisher overwrote messages " + first + " to " + lastMissing
                            + " before they were read, as the test told it to; choose gap(SKIP_TO_OLDEST) to go on",
                    first,
                    lastMissing);
            throw failure;
        }
    }
}
