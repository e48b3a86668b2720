package io.reactiveipc.soak;

/** What a process does. */
enum Role {
    /** Publishes one stream, until it is killed. */
    PUBLISHER,
    /** Subscribes to all streams, until it is killed. */
    SUBSCRIBER,
    /** Publishes and subscribes, tells of crashes, and is never killed: who must not notice anything. */
    BYSTANDER
}
