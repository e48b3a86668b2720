package io.reactiveipc.examples;

import java.io.Serial;

/** The demo did not get to its summary; the message says which process is to blame and how. */
final class DemoFailure extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    DemoFailure(String message) {
        super(message);
    }
}
