package io.reactiveipc;

import java.io.Serial;

/**
 * A reader met bytes that no publisher of this layout writes, and ended that stream: nothing of the record was passed on.
 * The other streams of the node go on. Keep the file named in the message for a bug report; subscribe again to go on with
 * the publications that are sound.
 */
public final class CorruptRingException extends IpcException {
    @Serial
    private static final long serialVersionUID = 1L;

    public CorruptRingException(String message) {
        super(ErrorCode.CORRUPT_RING, message);
    }

    public CorruptRingException(String message, Throwable cause) {
        super(ErrorCode.CORRUPT_RING, message, cause);
    }
}
