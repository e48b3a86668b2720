package io.reactiveipc.uds.protocol;

/** What was wrong with the frames of a peer. */
public enum FailureCode {
    /** A code of a later minor version. */
    OTHER(0),
    /** A frame that ends before its fields do, or whose fields are out of range or no UTF-8. */
    MALFORMED(1),
    /** A frame longer than {@link Protocol#MAX_FRAME_BYTES}, or shorter than its type. */
    LENGTH(2),
    /** More frames per second than are taken. */
    FLOOD(3),
    /** A frame that has no place at this point of the connection. */
    UNEXPECTED(4),
    /** No handshake in time. */
    TIMEOUT(5),
    /** More ready streams than are taken. */
    LIMIT(6);

    private final int code;

    FailureCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static FailureCode of(int code) {
        for (FailureCode failure : values()) {
            if (failure.code == code) {
                return failure;
            }
        }
        return OTHER;
    }
}
