package io.reactiveipc;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A failure of a stream or of the node. The message names the values involved and what to do about it. */
public class IpcException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public IpcException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public IpcException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public final ErrorCode code() {
        return code;
    }
}
