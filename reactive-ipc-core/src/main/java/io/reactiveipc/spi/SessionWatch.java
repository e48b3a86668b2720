package io.reactiveipc.spi;

/** Finds the publications of one stream as they come and go. */
public interface SessionWatch {
    /**
     * What it tells: of the publications that exist, before {@code watch} returns; of later ones, on one thread of the
     * transport. Never by two threads at once.
     */
    interface Listener {
        /** A publication was found and mapped. */
        void onSession(Session session);

        /** A publication exists that this subscriber cannot read: another type, another layout, foreign bytes. */
        void onRefused(io.reactiveipc.IpcException reason);
    }

    /**
     * Looks once more, on the transport's thread, and then runs the action there: whatever session existed when this was
     * called has been reported by then.
     */
    void refresh(Runnable then);

    /** Stops looking. Idempotent. */
    void close();
}
