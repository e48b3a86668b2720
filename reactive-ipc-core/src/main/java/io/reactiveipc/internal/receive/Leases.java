package io.reactiveipc.internal.receive;

import io.reactiveipc.Message;

/** The leases out on one ring. */
interface Leases {
    /** A lease to give back once, from any thread, apart from its message so that it outlives that. */
    interface Lease {
        void release();

        void giveBack();
    }

    /** The record at hand as a lease, or as a copy. */
    Message lease(int index);

    /** Gives back what no lease holds, up to the consumer's position. The reader calls it. */
    void settle();

    /** Detaches the consumer now, or with the last lease. */
    void close();
}
