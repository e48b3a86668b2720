package io.reactiveipc.uds.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactiveipc.uds.protocol.Frame;
import io.reactiveipc.uds.protocol.FrameEncoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection whose other end is the test. */
final class FakeWire implements Wire {
    final List<Frame> sent = new ArrayList<>();
    final Link link;
    boolean writable = true;
    boolean closed;
    int sendings;

    @Nullable
    String foreignOwner;

    FakeWire(Link link) {
        this.link = link;
    }

    @Override
    public void send(Frame... frames) {
        sent.addAll(List.of(frames));
        sendings++;
    }

    @Override
    public boolean writable() {
        return writable;
    }

    @Override
    public boolean flushed() {
        return writable;
    }

    @Override
    public @Nullable String foreignOwner() {
        return foreignOwner;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            link.closed();
        }
    }

    void receive(Frame... frames) {
        ByteBuf bytes = Unpooled.buffer();
        for (Frame frame : frames) {
            FrameEncoder.write(frame, bytes);
        }
        link.received(bytes);
    }

    void receive(ByteBuf bytes) {
        link.received(bytes);
    }

    <F extends Frame> List<F> sent(Class<F> type) {
        return sent.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
