package io.reactiveipc;

import java.io.Serial;

/** This subscriber left its publisher without room for longer than {@link Overflow#evictSlow} allows, which goes on without it. */
public final class SubscriberEvictedException extends IpcException {
    @Serial
    private static final long serialVersionUID = 1L;

    public SubscriberEvictedException(String message) {
        super(ErrorCode.EVICTED, message);
    }
}
