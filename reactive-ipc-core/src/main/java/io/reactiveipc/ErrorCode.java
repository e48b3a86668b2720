package io.reactiveipc;

/** What went wrong, for code that reacts to it. The message of the {@link IpcException} has the values and the repair. */
public enum ErrorCode {
    /** The directory of the rings is missing, not ours, not private or not writable. */
    DIRECTORY,
    /** The file system or the process has no room for another segment, row or file. */
    STORAGE,
    /** A file is of another layout version or byte order, or no segment at all. */
    INCOMPATIBLE_FILE,
    /** A stream of that name exists with another type or capacity. */
    INCOMPATIBLE_STREAM,
    /** All subscriber slots of a publication are taken. */
    TOO_MANY_SUBSCRIBERS,
    /** All node rows of the directory are taken. */
    TOO_MANY_NODES,
    /** Bytes in a ring are not what a publisher of this layout writes. */
    CORRUPT_RING,
    /** The publishing process died without completing the stream. */
    PUBLISHER_LOST,
    /** The publisher ended the stream with an error. */
    REMOTE_ERROR,
    /** The publication, subscription or node was closed on this side. */
    CLOSED,
    /** A system property or option asks for what this JVM cannot do. */
    CONFIGURATION,
    /** The publisher overwrote messages before this subscriber had taken them. */
    LAPPED,
    /** The publisher goes on without this subscriber, which was too slow for its overflow policy. */
    EVICTED,
    /** There is no room for a message, and the publication's overflow policy is to fail. */
    OVERFLOW,
    /** The publication's policy does not accept a message now. */
    REFUSED,
    /** A codec threw while it encoded or decoded. */
    CODEC,
    /** No transport for what was asked is on the class path. */
    NO_TRANSPORT
}
