package io.reactiveipc.spring.boot;

import io.reactiveipc.IpcPublication;

/** Looks at a publication's ring: nobody reads of one that has ended what it still has, so there it is not a number. */
final class Rings {
    private Rings() {}

    /** What is not free, which includes the room that is always kept for the end of the stream: some 2 KiB. */
    static double used(IpcPublication<?> publication) {
        return publication.isDisposed() ? Double.NaN : publication.capacityBytes() - publication.freeBytes();
    }

    static double subscribers(IpcPublication<?> publication) {
        return publication.isDisposed() ? Double.NaN : publication.subscriberCount();
    }
}
