package io.reactiveipc.uds.protocol;

/** The numbers of the control protocol. Changing one is changing the protocol. */
public final class Protocol {
    /** "RIPC", the first bytes of a HELLO or WELCOME. */
    public static final int MAGIC = 0x43504952;

    /** Nodes of different major versions refuse each other. */
    public static final int MAJOR = 1;

    /** A higher minor version may add frame types and append fields to frames; older nodes ignore both. */
    public static final int MINOR = 0;

    /** Bytes before the type: the length. */
    static final int LENGTH_BYTES = 4;

    /** Bytes of the longest frame, its length field included. */
    public static final int MAX_FRAME_BYTES = 64 * 1024;

    /** Bytes of the longest stream name. */
    public static final int MAX_STREAM_BYTES = 255;

    /** Bytes of the longest node name that is sent; longer ones are cut. */
    static final int MAX_NAME_BYTES = 255;

    /** Bytes of the longest explanation that is sent; longer ones are cut. */
    static final int MAX_TEXT_BYTES = 1024;

    static final int HELLO = 1;
    static final int WELCOME = 2;
    static final int REFUSED = 3;
    static final int READY = 4;
    static final int NOT_READY = 5;
    static final int SYNCED = 6;
    static final int HEARTBEAT = 7;
    static final int HEARTBEAT_ACK = 8;
    static final int WAKE = 9;
    static final int GOODBYE = 10;
    static final int FAILURE = 11;

    private Protocol() {}
}
