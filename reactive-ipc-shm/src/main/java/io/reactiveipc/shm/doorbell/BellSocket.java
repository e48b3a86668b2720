package io.reactiveipc.shm.doorbell;

import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.spi.Doorbell;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * The doorbell of one poll loop: a socket of its own, {@code ctl/<node>-<loop>.bell}, on which whoever rings sends a byte.
 * The bytes mean nothing but "look"; they are read away before the next sleep.
 */
public final class BellSocket implements Doorbell {
    private static final Logger LOG = Loggers.getLogger(BellSocket.class);

    private final Path path;
    private final Selector selector;
    private final ServerSocketChannel server;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(256);

    private BellSocket(Path path, Selector selector, ServerSocketChannel server) {
        this.path = path;
        this.selector = selector;
        this.server = server;
    }

    /**
     * Opens the doorbell, or one that only this process can ring where sockets are not to be had: then loops sleep for a
     * millisecond at most.
     *
     * @param directory of the sockets; created if absent
     * @param sleeper the loop's thread
     */
    public static Doorbell open(Path directory, UUID node, int loop, Thread sleeper) {
        Path path = path(directory, node, loop);
        try {
            createDirectory(directory);
            Selector selector = Selector.open();
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                server.bind(UnixDomainSocketAddress.of(path));
                CrashPoint.BELL_BOUND.passed();
                server.configureBlocking(false);
                server.register(selector, SelectionKey.OP_ACCEPT);
                return new BellSocket(path, selector, server);
            } catch (IOException e) {
                server.close();
                selector.close();
                throw e;
            }
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            LOG.warn(
                    "no doorbell at {} ({}): sleeping poll loops notice messages up to a millisecond late; use a shorter "
                            + "directory, or one where Unix domain sockets can be made",
                    path,
                    e.toString());
            return Doorbell.unreachable(sleeper);
        }
    }

    static Path path(Path directory, UUID node, int loop) {
        return directory.resolve(node + "-" + loop + ".bell");
    }

    private static void createDirectory(Path directory) throws IOException {
        try {
            if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectory(directory);
            }
        } catch (FileAlreadyExistsException e) {
            // made by another node, or an earlier one
        }
    }

    @Override
    public void forget() {
        Set<SelectionKey> rung = selector.selectedKeys();
        if (!rung.isEmpty()) {
            rung.forEach(this::answer);
            rung.clear();
        }
    }

    @Override
    public void await(long maxNanos) {
        try {
            long millis = TimeUnit.NANOSECONDS.toMillis(maxNanos);
            selector.select(maxNanos == Long.MAX_VALUE ? 0 : Math.max(1, millis));
        } catch (IOException e) {
            LOG.debug("doorbell {}: {}", path, e.toString()); // the loop looks again, which is all a ring asks for
        }
    }

    private void answer(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                for (SocketChannel caller = server.accept(); caller != null; caller = server.accept()) {
                    caller.configureBlocking(false);
                    caller.register(selector, SelectionKey.OP_READ);
                }
            } else {
                readAway((SocketChannel) key.channel());
            }
        } catch (IOException e) {
            closeQuietly(key);
        }
    }

    private void readAway(SocketChannel caller) throws IOException {
        int read;
        do {
            bytes.clear();
            read = caller.read(bytes);
        } while (read == bytes.capacity());
        if (read < 0) {
            caller.close();
        }
    }

    private static void closeQuietly(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            LOG.debug("closing a caller: {}", e.toString());
        }
    }

    @Override
    public void ring() {
        selector.wakeup();
    }

    @Override
    public void close() {
        try {
            selector.keys().forEach(BellSocket::closeQuietly);
            selector.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.debug("closing doorbell {}: {}", path, e.toString());
        }
    }
}
