package io.reactiveipc.uds.protocol;

/** Why a connection was not accepted. */
public enum Refusal {
    /** A code of a later minor version. */
    OTHER(0),
    /** The two speak different major versions. For good. */
    VERSION(1),
    /** The process at the other end belongs to another user. For good. */
    UID(2),
    /** The node is closing. For good. */
    CLOSING(3),
    /** The node has as many connections as it takes. To be tried again later. */
    FULL(4),
    /** The caller wants another node, or is one that left or died. For good. */
    UNKNOWN(5);

    private final int code;

    Refusal(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Refusal of(int code) {
        for (Refusal refusal : values()) {
            if (refusal.code == code) {
                return refusal;
            }
        }
        return OTHER;
    }
}
