package io.reactiveipc;

/**
 * What a subscriber does that was lapped: the publisher overwrote messages before it had taken them. That happens on streams
 * with {@link Overflow#OVERWRITE_OLDEST} only. Whatever it does, no torn message is ever emitted, and {@link
 * IpcSubscription#lost()} counts exactly what is missing. See {@link StreamSpec#gap}.
 */
public enum Gap {
    /** Its Flux errors with {@link LappedException}. The default: a loss is never silent. */
    ERROR,
    /** It goes on with the oldest message that is still there. */
    SKIP_TO_OLDEST,
    /** It goes on with the newest message. */
    SKIP_TO_LATEST
}
