package io.reactiveipc.benchmarks.peer;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Unix sockets that the other process may not have bound yet. */
final class SocketFiles {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private SocketFiles() {}

    static SocketChannel connect(Path path) throws IOException {
        await(path);
        long until = System.nanoTime() + PATIENCE;
        while (true) {
            try {
                return SocketChannel.open(UnixDomainSocketAddress.of(path));
            } catch (IOException e) {
                if (System.nanoTime() > until) {
                    throw e;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    /** Waits until the file is there. */
    static void await(Path path) throws IOException {
        long until = System.nanoTime() + PATIENCE;
        while (!Files.exists(path)) {
            if (System.nanoTime() > until) {
                throw new IOException("nobody bound " + path);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
