package io.reactiveipc.shm.doorbell;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.spi.Doorbell;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rings by real sockets; who sleeps forgets first, as poll loops do. */
@Timeout(60)
class BellSocketTest {
    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(50);

    @TempDir
    Path directory;

    private final UUID node = UUID.randomUUID();
    private Doorbell bell;

    @BeforeEach
    void open() {
        bell = BellSocket.open(directory, node, 0, Thread.currentThread());
    }

    @AfterEach
    void close() {
        bell.close();
    }

    private SocketChannel caller() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(BellSocket.path(directory, node, 0)));
    }

    private static void ring(SocketChannel caller) throws IOException {
        caller.write(ByteBuffer.wrap(new byte[1]));
    }

    private long sleep(long nanos) {
        bell.forget();
        return sleepWithoutForgetting(nanos);
    }

    private long sleepWithoutForgetting(long nanos) {
        long begin = System.nanoTime();
        bell.await(nanos);
        return System.nanoTime() - begin;
    }

    private void greet(SocketChannel caller) throws IOException {
        ring(caller);
        assertThat(sleep(LONG_NANOS)).as("until the caller has come").isLessThan(LONG_NANOS);
        assertThat(sleep(LONG_NANOS)).as("until it has rung").isLessThan(LONG_NANOS);
    }

    @Test
    void ringsEndOneSleepAndNotTheNext() throws IOException {
        try (SocketChannel caller = caller()) {
            greet(caller);
            assertThat(sleep(NAP_NANOS)).isGreaterThanOrEqualTo(NAP_NANOS);
            ring(caller);
            ring(caller);
            assertThat(sleep(LONG_NANOS)).isLessThan(LONG_NANOS);
            assertThat(sleep(NAP_NANOS)).isGreaterThanOrEqualTo(NAP_NANOS);
        }
    }

    @Test
    void whatRingsAfterTheForgettingIsNotForgotten() throws IOException {
        try (SocketChannel caller = caller()) {
            greet(caller);
            bell.forget();
            ring(caller);
            assertThat(sleepWithoutForgetting(LONG_NANOS)).isLessThan(LONG_NANOS);
            bell.forget();
            bell.ring();
            assertThat(sleepWithoutForgetting(LONG_NANOS)).isLessThan(LONG_NANOS);
            assertThat(sleep(NAP_NANOS)).isGreaterThanOrEqualTo(NAP_NANOS);
        }
    }

    @Test
    void aCallerThatHangsUpWakesOnce() throws IOException {
        try (SocketChannel caller = caller()) {
            greet(caller);
        }
        assertThat(sleep(LONG_NANOS)).isLessThan(LONG_NANOS);
        assertThat(sleep(NAP_NANOS)).isGreaterThanOrEqualTo(NAP_NANOS);
    }
}
