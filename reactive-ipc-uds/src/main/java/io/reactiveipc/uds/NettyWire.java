package io.reactiveipc.uds;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.reactiveipc.uds.protocol.Frame;
import io.reactiveipc.uds.protocol.FrameEncoder;
import io.reactiveipc.uds.session.Link;
import io.reactiveipc.uds.session.Wire;
import org.jspecify.annotations.Nullable;

/** Sends on a Netty channel, on its event loop. */
final class NettyWire implements Wire {
    private final Channel channel;
    private final Link link;
    private final @Nullable String foreignOwner;
    private int unwritten;

    NettyWire(Channel channel, Link link, @Nullable String foreignOwner) {
        this.channel = channel;
        this.link = link;
        this.foreignOwner = foreignOwner;
    }

    @Override
    public void send(Frame... frames) {
        if (!channel.isActive()) {
            return;
        }
        ByteBuf bytes = channel.alloc().buffer(64);
        try {
            for (Frame frame : frames) {
                FrameEncoder.write(frame, bytes);
            }
        } catch (RuntimeException e) {
            bytes.release();
            throw e;
        }
        unwritten++;
        ChannelFuture written = channel.writeAndFlush(bytes);
        if (written.isDone()) {
            unwritten--;
        } else {
            written.addListener(done -> {
                unwritten--;
                if (channel.isWritable()) {
                    link.writable();
                }
            });
        }
    }

    @Override
    public boolean writable() {
        return channel.isActive() && channel.isWritable();
    }

    @Override
    public boolean flushed() {
        return unwritten == 0;
    }

    @Override
    public @Nullable String foreignOwner() {
        return foreignOwner;
    }

    @Override
    public void close() {
        // Behind what was written: a close overtakes frames that the kernel has not taken yet.
        if (unwritten == 0) {
            channel.close();
        } else {
            channel.write(io.netty.buffer.Unpooled.EMPTY_BUFFER).addListener(written -> channel.close());
            channel.flush();
        }
    }
}
