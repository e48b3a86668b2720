package io.reactiveipc.uds.session;

import io.reactiveipc.uds.protocol.Frame;
import org.jspecify.annotations.Nullable;

/** The sending half of one connection. Used on the control executor only; failures to send show as the connection's end. */
public interface Wire {
    /** Hands the frames to the kernel together. */
    void send(Frame... frames);

    /** Whether what was sent is leaving. If not, only what must be sent should be. */
    boolean writable();

    /** Whether all that was sent has been handed to the kernel. */
    boolean flushed();

    /** Why the process at the other end is not to be talked to, as the kernel knows it; null if it is the same user. */
    @Nullable
    String foreignOwner();

    /** Closes the connection behind what was sent. Idempotent. */
    void close();
}
