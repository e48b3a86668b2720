package io.reactiveipc.spring.boot;

import io.reactiveipc.IpcPublication;

/** Looks at a publication's ring: nobody reads of one that has ended what it still has, so there it is not a number. */
final class Rings {
    private Rings() {}

    static double used(IpcPublication<?> publication) {
        return publication.isDisposed() ? Double.NaN : publication.capacityBytes() - publication.freeBytes();
    }

    static double subscribers(IpcPublication<?> publication) {
        return publication.isDisposed() ? Double.NaN : publication.subscriberCount();
    }
}
