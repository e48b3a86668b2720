package io.reactiveipc;

import java.io.Serial;

/** The publisher of an overwriting stream overwrote messages before this subscriber had taken them. */
public final class LappedException extends IpcException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final long firstMissing;
    private final long lastMissing;

    public LappedException(String message, long firstMissing, long lastMissing) {
        super(ErrorCode.LAPPED, message);
        this.firstMissing = firstMissing;
        this.lastMissing = lastMissing;
    }

    /** Sequence of the first message that was missed. */
    public long firstMissing() {
        return firstMissing;
    }

    /** Sequence of the last message that was missed. */
    public long lastMissing() {
        return lastMissing;
    }
}
