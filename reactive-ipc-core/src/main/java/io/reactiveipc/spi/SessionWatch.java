package io.reactiveipc.spi;

import java.util.List;

/** Finds the publications of one stream as they come and go. */
public interface SessionWatch {
    /** What it tells. Called by one thread of the transport, never by two at once, and not before {@code watch} returned. */
    interface Listener {
        /** A publication was found and mapped. */
        void onSession(Session session);

        /** A publication exists that this subscriber cannot read: another type, another layout, foreign bytes. */
        void onRefused(io.reactiveipc.IpcException reason);
    }

    /** The publications found so far and not ended. */
    List<Session> sessions();

    /**
     * Looks once more, on the transport's thread, and then runs the action there: whatever session existed when this was
     * called has been reported by then.
     */
    void refresh(Runnable then);

    /** Stops looking. Idempotent. */
    void close();
}
