package io.reactiveipc;

import java.io.Serial;

/**
 * The process behind a publication died without {@code complete()} or {@code error()}. Everything it had committed was
 * delivered before this signal. Resubscribe (for instance with {@code retryWhen}) to go on with a successor.
 */
public final class PublisherLostException extends IpcException {
    @Serial
    private static final long serialVersionUID = 1L;

    public PublisherLostException(String message) {
        super(ErrorCode.PUBLISHER_LOST, message);
    }
}
