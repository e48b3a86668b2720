package io.reactiveipc.system;

import io.reactiveipc.spi.ControlPlane;
import io.reactiveipc.spi.ControlPlaneHost;
import io.reactiveipc.spi.ControlPlaneProvider;
import io.reactiveipc.uds.UdsControlPlaneProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the control planes of two nodes: the one that dials looks for sockets in the relay's directory and not in
 * the real one. So a test can cut the connection and keep it from coming back; the rings are not concerned.
 */
final class Relay implements AutoCloseable {
    private final Path directory;
    private final List<SocketChannel> open = new ArrayList<>();
    private @Nullable ServerSocketChannel server;
    private @Nullable Path listening;
    private int connections;

    /** @param directory a new one, removed by {@link #close} */
    Relay(Path directory) throws IOException {
        this.directory = Files.createDirectory(directory);
    }

    /** For the node that dials: a control plane that knows nothing of the real directory. */
    ControlPlaneProvider provider() {
        UdsControlPlaneProvider real = new UdsControlPlaneProvider();
        return new ControlPlaneProvider() {
            @Override
            public String name() {
                return "relayed";
            }

            @Override
            public ControlPlane open(ControlPlaneHost host) {
                return real.open(elsewhere(host));
            }
        };
    }

    private ControlPlaneHost elsewhere(ControlPlaneHost host) {
        return (ControlPlaneHost) Proxy.newProxyInstance(
                ControlPlaneHost.class.getClassLoader(),
                new Class<?>[] {ControlPlaneHost.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("socketDirectory")) {
                        return directory;
                    }
                    try {
                        return method.invoke(host, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Takes connections for the node whose real socket this is. */
    synchronized void connectTo(Path socket) throws IOException {
        listening = directory.resolve(socket.getFileName());
        ServerSocketChannel accepting = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        accepting.bind(UnixDomainSocketAddress.of(listening));
        server = accepting;
        start("relay", () -> {
            while (true) {
                SocketChannel near = accepting.accept();
                SocketChannel far = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                add(near, far);
                start("relay out", () -> pass(near, far));
                start("relay in", () -> pass(far, near));
            }
        });
    }

    private synchronized void add(SocketChannel near, SocketChannel far) {
        open.add(near);
        open.add(far);
        connections++;
        notifyAll();
    }

    private static void pass(SocketChannel from, SocketChannel to) throws IOException {
        try (from;
                to) {
            ByteBuffer bytes = ByteBuffer.allocate(4096);
            while (from.read(bytes) >= 0) {
                bytes.flip();
                while (bytes.hasRemaining()) {
                    to.write(bytes);
                }
                bytes.clear();
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // cut
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits until the node has connected as often. */
    synchronized void awaitConnections(int count) throws InterruptedException {
        while (connections < count) {
            wait();
        }
    }

    synchronized int connections() {
        return connections;
    }

    /** Ends what is connected; the node may connect anew. */
    synchronized void cut() {
        for (SocketChannel channel : open) {
            closeQuietly(channel);
        }
        open.clear();
    }

    /** Ends what is connected, and nobody gets through until {@link #connectTo}. */
    synchronized void sever() throws IOException {
        if (server != null && listening != null) {
            server.close();
            Files.deleteIfExists(listening);
        }
        cut();
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        sever();
        Files.delete(directory);
    }
}
