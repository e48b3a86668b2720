package io.reactiveipc.examples;

import java.io.Serial;

/** The arguments cannot be served; the message names the argument and what would do. */
final class UsageException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
