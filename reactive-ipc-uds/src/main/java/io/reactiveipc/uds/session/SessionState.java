package io.reactiveipc.uds.session;

/** Where a {@link PeerSession} is; its table is there. */
enum SessionState {
    /** Never shaken hands with. */
    SEEKING,
    /** Never shaken hands with, and it will not: waits for its end. */
    REFUSED,
    /** Shaken hands and talking. */
    CONNECTED,
    /** Connected, but it does not answer: kept as {@link #CONNECTED} and what {@link Vitals} knows. */
    STALE,
    /** The connection ended without goodbye. */
    LOST,
    /** Said goodbye. Final. */
    LEFT,
    /** Died. Final. */
    CRASHED,
    /** Ended before the first handshake, or this node closed. Final, and nobody is told. */
    FORGOTTEN;

    boolean isFinal() {
        return this == LEFT || this == CRASHED || this == FORGOTTEN;
    }
}
