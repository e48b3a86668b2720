package io.reactiveipc.uds.protocol;

import java.io.Serial;

/** What a peer sent is not the protocol: its connection is to be closed, and nothing else. */
public final class ProtocolViolation extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final FailureCode code;

    public ProtocolViolation(FailureCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    public FailureCode code() {
        return code;
    }
}
