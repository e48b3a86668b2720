package io.reactiveipc.shm.doorbell;

import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.node.NodeTable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Rings the doorbells of other nodes. Connections are made at the first ring and kept. Any thread may ring. */
public final class Bells {
    private final Path directory;
    private final NodeTable nodes;
    private final Map<Integer, Bell> bells = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param directory of the sockets */
    public Bells(Path directory, NodeTable nodes) {
        this.directory = directory;
        this.nodes = nodes;
    }

    /**
     * Wakes a poll loop. Never waits; a ring that cannot be delivered is lost, and costs its sleeper the rest of its bounded
     * sleep.
     *
     * @param nodeRow whose; checked, because it was read from shared memory
     * @param loop its number
     */
    public void ring(int nodeRow, int loop) {
        if (!closed && nodes.isRow(nodeRow) && loop >= 0) {
            bells.computeIfAbsent(nodeRow << Byte.SIZE | loop & 0xFF, key -> new Bell())
                    .ring(nodeRow, loop);
        }
    }

    /** Closes the connections. */
    public void close() {
        closed = true;
        bells.values().forEach(Bell::close);
    }

    private final class Bell {
        private final ByteBuffer one = ByteBuffer.allocateDirect(1);
        private @Nullable SocketChannel channel;
        private @Nullable UUID node;

        synchronized void ring(int nodeRow, int loop) {
            UUID current = nodes.uuid(nodeRow);
            if (!current.equals(node)) { // the row has another owner than last time
                close();
            }
            try {
                SocketChannel open = channel;
                if (open == null) {
                    open = connect(BellSocket.path(directory, current, loop));
                    channel = open;
                    node = current;
                }
                CrashPoint.BELL_CONNECTED.passed();
                one.clear();
                open.write(one); // nothing written: the buffer is full of rings
            } catch (IOException e) {
                close();
            }
        }

        private SocketChannel connect(Path path) throws IOException {
            SocketChannel opening = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                opening.configureBlocking(false);
                if (!opening.connect(UnixDomainSocketAddress.of(path))) {
                    throw new IOException("not accepting");
                }
                return opening;
            } catch (IOException e) {
                opening.close();
                throw e;
            }
        }

        synchronized void close() {
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                // it is gone either way
            }
            channel = null;
            node = null;
        }
    }
}
