package io.reactiveipc.test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactiveipc.uds.protocol.Frame;
import io.reactiveipc.uds.protocol.FrameEncoder;
import io.reactiveipc.uds.session.Link;
import io.reactiveipc.uds.session.Wire;
import org.jspecify.annotations.Nullable;

/** One end of a connection between two control planes of a host. What is sent on one, the other receives in its turn. */
final class MemoryWire implements Wire {
    /** Frames on their way before only what must be sent is; like a socket's buffer, and less than a peer takes in a second. */
    private static final int MAX_UNREAD = 1_000;

    private final MemoryControlPlane own;
    private final Link link;
    private @Nullable MemoryWire other;
    private boolean closed;
    private int unread;

    private MemoryWire(MemoryControlPlane own, Link link) {
        this.own = own;
        this.link = link;
        own.opened(this);
    }

    static void connect(MemoryControlPlane dialler, Link dialled, MemoryControlPlane accepter, Link accepted) {
        MemoryWire near = new MemoryWire(dialler, dialled);
        MemoryWire far = new MemoryWire(accepter, accepted);
        near.other = far;
        far.other = near;
        accepter.execute(() -> accepted.opened(far));
        dialler.execute(() -> dialled.opened(near));
    }

    @Override
    public void send(Frame... frames) {
        MemoryWire to = other;
        if (!closed && to != null) {
            ByteBuf bytes = Unpooled.buffer();
            for (Frame frame : frames) {
                FrameEncoder.write(frame, bytes);
            }
            unread += frames.length;
            to.own.execute(() -> {
                to.receive(bytes);
                taken(frames.length);
            });
        }
    }

    private void taken(int frames) {
        boolean full = unread >= MAX_UNREAD;
        unread -= frames;
        if (!closed && (unread == 0 || (full && unread < MAX_UNREAD))) {
            own.execute(link::writable);
        }
    }

    private void receive(ByteBuf bytes) {
        if (!closed) {
            link.received(bytes);
        }
    }

    @Override
    public boolean writable() {
        return !closed && unread < MAX_UNREAD;
    }

    @Override
    public boolean flushed() {
        return unread == 0;
    }

    @Override
    public @Nullable String foreignOwner() {
        return null;
    }

    @Override
    public void close() {
        if (cut()) {
            own.execute(link::closed);
        }
    }

    /**
     * Ends the connection, behind what was sent, without a word to this end.
     *
     * @return whether it was open
     */
    boolean cut() {
        if (closed) {
            return false;
        }
        closed = true;
        own.closed(this);
        MemoryWire to = other;
        if (to != null) {
            to.own.execute(to::ended);
        }
        return true;
    }

    private void ended() {
        if (!closed) {
            closed = true;
            own.closed(this);
            link.closed();
        }
    }
}
