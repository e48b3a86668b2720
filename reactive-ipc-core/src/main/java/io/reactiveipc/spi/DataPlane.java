package io.reactiveipc.spi;

import io.reactiveipc.PeerInfo;
import java.nio.file.Path;
import java.util.UUID;

/** The part of a node that moves bytes. Its methods may do blocking I/O; the bridge calls them where that is allowed. */
public interface DataPlane {
    /**
     * Creates a ring, complete or not at all.
     *
     * @throws io.reactiveipc.IpcException naming the values and the repair, with nothing left behind
     */
    RingProducer publish(StreamDefinition stream);

    /**
     * Starts to look for publications of a stream. Returns after the first look; the listener has been told what exists.
     *
     * @throws io.reactiveipc.IpcException if a publication exists that does not fit the definition
     */
    SessionWatch watch(StreamDefinition stream, SessionWatch.Listener listener);

    /**
     * Opens the counter of a signal, and creates it if absent. It stays open until the data plane is closed; twice the same
     * one for the same name.
     *
     * @param name as a stream's
     * @throws io.reactiveipc.IpcException if it cannot be created, with nothing left behind
     */
    SignalCounter signals(String name);

    /**
     * Opens the doorbell of a poll loop.
     *
     * @param loop its number within the node, from 0
     * @param sleeper the loop's thread
     */
    Doorbell openDoorbell(int loop, Thread sleeper);

    /** This node, as others shall know it. */
    PeerInfo self();

    /** The real path of the directory that the nodes which see each other share. */
    Path directory();

    /** Where the node's sockets belong: private to the user, the same for all nodes that see each other. */
    Path socketDirectory();

    /** Whether the kernel knows a node to be alive. Costs microseconds. */
    boolean isAlive(UUID node);

    /** Looks for dead nodes now, and not at the next turn: frees what they hold here, and ends their streams. Does not block. */
    void lookAfterDead();

    /**
     * Gives up the node's identity and all it created, and clears away what nodes left that died before. Called last, after all
     * rings were closed. Idempotent.
     */
    void close();
}
