package io.reactiveipc.internal.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.agrona.concurrent.AtomicBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The ordered and atomic accesses of every kind of ring memory. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AtomicContractTest {
    private static final int INDEX = 24;
    private static final long BIG = 0x1122_3344_5566_7788L;

    static Stream<Arguments> kinds() {
        return Buffers.atomic().entrySet().stream().map(kind -> Arguments.of(kind.getKey(), kind.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void everyStoreIsSeenByEveryLoad(String name, IntFunction<AtomicBuffer> kind) {
        AtomicBuffer buffer = kind.apply(64);
        buffer.verifyAlignment();

        buffer.putLongVolatile(INDEX, BIG);
        assertThat(buffer.getLongAcquire(INDEX)).isEqualTo(BIG);
        buffer.putLongRelease(INDEX, BIG + 1);
        assertThat(buffer.getLongVolatile(INDEX)).isEqualTo(BIG + 1);
        buffer.putLongOrdered(INDEX, BIG + 2);
        assertThat(buffer.getLongOpaque(INDEX)).isEqualTo(BIG + 2);
        buffer.putLongOpaque(INDEX, BIG + 3);
        assertThat(buffer.getLong(INDEX)).isEqualTo(BIG + 3);
        assertThat(buffer.getByte(INDEX + 7)).isEqualTo((byte) 0x11);

        buffer.putIntVolatile(INDEX, 0x1234_5678);
        assertThat(buffer.getIntAcquire(INDEX)).isEqualTo(0x1234_5678);
        buffer.putIntRelease(INDEX, 2);
        assertThat(buffer.getIntVolatile(INDEX)).isEqualTo(2);
        buffer.putIntOrdered(INDEX, 3);
        assertThat(buffer.getIntOpaque(INDEX)).isEqualTo(3);
        buffer.putIntOpaque(INDEX, 4);
        assertThat(buffer.getInt(INDEX)).isEqualTo(4);

        buffer.putShortVolatile(INDEX, (short) -2);
        assertThat(buffer.getShortVolatile(INDEX)).isEqualTo((short) -2);
        assertThat(buffer.getCharVolatile(INDEX)).isEqualTo((char) 0xFFFE);
        buffer.putCharVolatile(INDEX, 'ß');
        assertThat(buffer.getChar(INDEX)).isEqualTo('ß');
        buffer.putByteVolatile(INDEX, (byte) 9);
        assertThat(buffer.getByteVolatile(INDEX)).isEqualTo((byte) 9);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void readModifyWritesAnswerTheOldValue(String name, IntFunction<AtomicBuffer> kind) {
        AtomicBuffer buffer = kind.apply(64);
        assertThat(buffer.addLongOrdered(INDEX, BIG)).isZero();
        assertThat(buffer.addLongRelease(INDEX, 1)).isEqualTo(BIG);
        assertThat(buffer.addLongOpaque(INDEX, 1)).isEqualTo(BIG + 1);
        assertThat(buffer.getAndAddLong(INDEX, -2)).isEqualTo(BIG + 2);
        assertThat(buffer.getAndSetLong(INDEX, 5)).isEqualTo(BIG);
        assertThat(buffer.compareAndSetLong(INDEX, 4, 6)).isFalse();
        assertThat(buffer.compareAndSetLong(INDEX, 5, BIG)).isTrue();
        assertThat(buffer.compareAndExchangeLong(INDEX, 0, 1)).isEqualTo(BIG);
        assertThat(buffer.compareAndExchangeLong(INDEX, BIG, 0)).isEqualTo(BIG);
        assertThat(buffer.getLong(INDEX)).isZero();

        assertThat(buffer.addIntOrdered(INDEX, 10)).isZero();
        assertThat(buffer.addIntRelease(INDEX, 1)).isEqualTo(10);
        assertThat(buffer.addIntOpaque(INDEX, 1)).isEqualTo(11);
        assertThat(buffer.getAndAddInt(INDEX, -2)).isEqualTo(12);
        assertThat(buffer.getAndSetInt(INDEX, 5)).isEqualTo(10);
        assertThat(buffer.compareAndSetInt(INDEX, 4, 6)).isFalse();
        assertThat(buffer.compareAndSetInt(INDEX, 5, 7)).isTrue();
        assertThat(buffer.compareAndExchangeInt(INDEX, 0, 1)).isEqualTo(7);
        assertThat(buffer.compareAndExchangeInt(INDEX, 7, 8)).isEqualTo(7);
        assertThat(buffer.getInt(INDEX)).isEqualTo(8);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void additionsOfTwoThreadsAreNotLost(String name, IntFunction<AtomicBuffer> kind) throws Exception {
        AtomicBuffer buffer = kind.apply(64);
        int rounds = 200_000;
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Runnable adds = () -> {
                for (int i = 0; i < rounds; i++) {
                    buffer.getAndAddLong(0, 1);
                    buffer.getAndAddInt(8, 1);
                    long seen;
                    do {
                        seen = buffer.getLongAcquire(16);
                    } while (!buffer.compareAndSetLong(16, seen, seen + 1));
                }
            };
            Future<?> one = threads.submit(adds);
            Future<?> other = threads.submit(adds);
            one.get();
            other.get();
        } finally {
            threads.shutdownNow();
        }
        assertThat(buffer.getLong(0)).isEqualTo(2L * rounds);
        assertThat(buffer.getInt(8)).isEqualTo(2 * rounds);
        assertThat(buffer.getLong(16)).isEqualTo(2L * rounds);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void whatWasWrittenBeforeAReleaseIsThereAfterTheAcquire(String name, IntFunction<AtomicBuffer> kind)
            throws Exception {
        AtomicBuffer buffer = kind.apply(64);
        long rounds = 20_000;
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> writer = thread.submit(() -> {
                for (long i = 1; i <= rounds && !Thread.currentThread().isInterrupted(); i++) {
                    buffer.putLong(32, i);
                    buffer.putLongRelease(0, i);
                    while (buffer.getLongAcquire(8) != i
                            && !Thread.currentThread().isInterrupted()) {
                        Thread.yield(); // both sides: on a loaded machine a spin would burn the other's turn
                    }
                }
            });
            for (long i = 1; i <= rounds; i++) {
                while (buffer.getLongAcquire(0) != i) {
                    Thread.yield();
                }
                assertThat(buffer.getLong(32)).isEqualTo(i);
                buffer.putLongRelease(8, i);
            }
            writer.get();
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void anOrderedAccessOffItsAlignmentIsRefusedAndAPlainOneIsNot() {
        VarHandleBuffer buffer = new VarHandleBuffer(ByteBuffer.allocateDirect(64));
        assertThatThrownBy(() -> buffer.getLongAcquire(4)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> buffer.putLongRelease(1, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> buffer.compareAndSetInt(2, 0, 1)).isInstanceOf(IllegalStateException.class);
        buffer.putLong(3, BIG);
        assertThat(buffer.getLong(3)).isEqualTo(BIG);
    }

    @Test
    void alignmentIsVerifiedOnRequest() {
        assertThatThrownBy(() -> new VarHandleBuffer(ByteBuffer.allocate(64)).verifyAlignment())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("heap");
        ByteBuffer odd = ByteBuffer.allocateDirect(64).slice(3, 32);
        assertThatThrownBy(() -> new VarHandleBuffer(odd).verifyAlignment())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("3 bytes");
    }

    @Test
    void orderedAccessesAreCheckedLikePlainOnes() {
        VarHandleBuffer buffer = new VarHandleBuffer(ByteBuffer.allocateDirect(64));
        for (int index : new int[] {-8, 64, Integer.MIN_VALUE, Integer.MAX_VALUE - 7}) {
            assertThatThrownBy(() -> buffer.getLongAcquire(index)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> buffer.putLongRelease(index, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> buffer.compareAndSetLong(index, 0, 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> buffer.getIntVolatile(index)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> buffer.putByteVolatile(index, (byte) 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }
}
