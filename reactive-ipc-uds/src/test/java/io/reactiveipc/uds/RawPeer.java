package io.reactiveipc.uds;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.uds.protocol.Frame;
import io.reactiveipc.uds.protocol.FrameDecoder;
import io.reactiveipc.uds.protocol.FrameEncoder;
import io.reactiveipc.uds.protocol.ProtocolViolation;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A peer that says what the test wants, on a blocking socket. */
final class RawPeer implements AutoCloseable {
    final PeerInfo self = new PeerInfo(UUID.randomUUID(), "raw", 1, Instant.EPOCH);
    private final SocketChannel channel;
    private final FrameDecoder decoder = new FrameDecoder();
    private final Queue<Frame> received = new ArrayDeque<>();

    RawPeer(Path directory, UUID node) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve(node + ".sock")));
    }

    static RawPeer greeted(Path directory, UUID node) throws IOException {
        RawPeer peer = new RawPeer(directory, node);
        peer.send(new Frame.Hello(1, 0, node, peer.self));
        peer.await(Frame.Welcome.class);
        return peer;
    }

    void send(Frame... frames) throws IOException {
        ByteBuf bytes = Unpooled.buffer();
        for (Frame frame : frames) {
            FrameEncoder.write(frame, bytes);
        }
        send(bytes.nioBuffer());
    }

    void send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The next frame, or null at the end of the connection. */
    @Nullable
    Frame next() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        while (received.isEmpty()) {
            bytes.clear();
            if (channel.read(bytes) < 0) {
                return null;
            }
            try {
                decoder.feed(Unpooled.wrappedBuffer(bytes.flip()), received::add);
            } catch (ProtocolViolation e) {
                throw new IOException(e);
            }
        }
        return received.remove();
    }

    <F extends Frame> F await(Class<F> type) throws IOException {
        for (Frame frame = next(); frame != null; frame = next()) {
            if (type.isInstance(frame)) {
                return type.cast(frame);
            }
        }
        throw new IOException("the connection ended without " + type.getSimpleName());
    }

    void awaitEnd() throws IOException {
        while (next() != null) {}
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
