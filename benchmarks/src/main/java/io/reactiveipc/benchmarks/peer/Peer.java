package io.reactiveipc.benchmarks.peer;

import java.util.List;

/** A contender: how two processes exchange messages with it. Stateless; each measured process asks for its own end. */
public interface Peer {
    /** What {@code --peers} and the report call it. */
    String name();

    /** One line for the report: what is measured and how it is set up. */
    String description();

    /** This process's end, opened but with nothing heard yet. */
    Endpoint open(Setup setup);

    /** What gives Agrona's buffers access to memory. */
    String AGRONA_EXPORT = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED";

    /**
     * Flags of the JVM that its documentation asks for. Aeron's asks to do without Agrona's bounds checks (Performance Testing in
     * its wiki), which are more than half of what verifying a message takes; so all that are read through Agrona's buffers do
     * without.
     */
    default List<String> jvmFlags() {
        return List.of(AGRONA_EXPORT, "-Dagrona.disable.bounds.checks=true");
    }

    /**
     * Whether one stream serves many senders and receivers. Where not, each pair has a link of its own, and the process with
     * many of them gives each a thread.
     */
    default boolean isShared() {
        return false;
    }

    /** Whether it can hold many silent streams beside the one measured. */
    default boolean hasStreams() {
        return false;
    }

    /** Whether only its silence is worth a row, because in all else it is like another. */
    default boolean isOnlySilent() {
        return false;
    }

    /** Whether it is there at all on this machine and runtime. */
    default boolean isAvailable() {
        return true;
    }

    /** How many bytes it may write in one measurement, where it keeps all that was ever written. */
    default long byteBudget() {
        return Long.MAX_VALUE;
    }
}
