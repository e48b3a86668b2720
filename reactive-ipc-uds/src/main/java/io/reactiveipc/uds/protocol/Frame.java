package io.reactiveipc.uds.protocol;

import io.reactiveipc.PeerInfo;
import java.util.UUID;

/** One frame of the control protocol. */
public sealed interface Frame {
    /** The first frame of whoever opened the connection: who it is and whom it wants. */
    record Hello(int major, int minor, UUID to, PeerInfo from) implements Frame {}

    /** The answer to a {@link Hello} that is accepted. */
    record Welcome(int major, int minor, PeerInfo from) implements Frame {}

    /** The answer to one that is not; the connection is closed behind it. */
    record Refused(Refusal code, String text) implements Frame {}

    /** A subscription to the stream wants messages now. */
    record Ready(String stream) implements Frame {}

    /** No subscription wants messages of the stream now. */
    record NotReady(String stream, String reason) implements Frame {}

    /** All streams that were ready when the connection was made have been named. */
    record Synced() implements Frame {}

    /**
     * Asks for a {@link HeartbeatAck} of the same sequence.
     *
     * @param lagBytes what the sender has not read yet of the receiver's streams
     * @param ringFill the fullest ring between the two, 0 to 1
     */
    record Heartbeat(long sequence, long lagBytes, double ringFill) implements Frame {}

    /** The answer to a {@link Heartbeat}, with the answerer's own figures. */
    record HeartbeatAck(long sequence, long lagBytes, double ringFill) implements Frame {}

    /** Asks the receiver to look at its rings. */
    record Wake() implements Frame {}

    /** The sender leaves for good; the connection is closed by the receiver. */
    record Goodbye(String reason) implements Frame {}

    /** The sender closes the connection because of what it received on it. */
    record Failure(FailureCode code, String text) implements Frame {}

    /** A {@link Hello} or {@link Welcome} of another major version: nothing behind the version can be read. */
    record OtherMajor(int major, int minor) implements Frame {}

    /** A frame of a later minor version, to be ignored. */
    record Unknown(int type) implements Frame {}
}
