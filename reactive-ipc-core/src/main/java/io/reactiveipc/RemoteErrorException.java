package io.reactiveipc;

import java.io.Serial;

/**
 * The publisher ended its stream with {@link IpcPublication#error(Throwable)}. The class of the remote error is told by
 * name only: it is never loaded here.
 */
public final class RemoteErrorException extends IpcException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String remoteType;
    private final String remoteMessage;

    public RemoteErrorException(String remoteType, String remoteMessage) {
        super(ErrorCode.REMOTE_ERROR, remoteType + ": " + remoteMessage);
        this.remoteType = remoteType;
        this.remoteMessage = remoteMessage;
    }

    /** The class name of the publisher's error. */
    public String remoteType() {
        return remoteType;
    }

    /** The message of the publisher's error, shortened to what fits a ring's end record; empty if it had none. */
    public String remoteMessage() {
        return remoteMessage;
    }
}
