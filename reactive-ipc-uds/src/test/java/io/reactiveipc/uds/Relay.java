package io.reactiveipc.uds;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between two nodes in directories of their own, and can cut what connects them. */
final class Relay implements AutoCloseable {
    final AtomicInteger connections = new AtomicInteger();
    private final Path socket;
    private final Path target;
    private final ServerSocketChannel server;
    private final List<SocketChannel> open = new CopyOnWriteArrayList<>();

    Relay(Path from, Path to, UUID node) throws IOException {
        socket = from.resolve(node + ".sock");
        target = to.resolve(node + ".sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        start(() -> {
            while (true) {
                SocketChannel client = server.accept();
                SocketChannel node1 = SocketChannel.open(UnixDomainSocketAddress.of(target));
                open.add(client);
                open.add(node1);
                connections.incrementAndGet();
                if (!server.isOpen()) {
                    cut();
                }
                start(() -> pump(client, node1));
                start(() -> pump(node1, client));
            }
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // Cut, or closed.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void pump(SocketChannel from, SocketChannel to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        try (from;
                to) {
            while (from.read(bytes) >= 0) {
                bytes.flip();
                while (bytes.hasRemaining()) {
                    to.write(bytes);
                }
                bytes.clear();
            }
        }
    }

    void cut() throws IOException {
        for (SocketChannel channel : open) {
            channel.close();
            open.remove(channel);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
        Files.deleteIfExists(socket);
    }
}
