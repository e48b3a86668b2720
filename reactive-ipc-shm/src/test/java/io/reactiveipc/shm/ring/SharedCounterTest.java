package io.reactiveipc.shm.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.shm.layout.SignalLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.spi.Memory;
import io.reactiveipc.spi.SignalReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agrona.concurrent.AtomicBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedCounterTest {
    private static final int ROW = 5;

    private final AtomicBuffer file =
            Memory.wrap(ByteBuffer.allocateDirect(SignalLayout.FILE_LENGTH).order(ByteOrder.LITTLE_ENDIAN));
    private final SignalWords words = new SignalWords(file);
    private final List<String> rings = new ArrayList<>();
    private final SharedCounter counter =
            new SharedCounter("door", file, ROW, (row, loop) -> rings.add(row + "/" + loop), slot -> {});

    @Test
    void readerCountsWhatWasSignalledSinceItJoined() {
        counter.signal();
        SignalReader early = counter.join();
        counter.signal();
        SignalReader late = counter.join();
        counter.signal();

        assertThat(early.total()).isEqualTo(2);
        assertThat(late.total()).isEqualTo(1);
    }

    @Test
    void countPassesTheLargestLong() {
        file.putLong(SignalLayout.COUNT_OFFSET, Long.MAX_VALUE);
        SignalReader reader = counter.join();

        counter.signal();

        assertThat(reader.total()).isEqualTo(1);
    }

    @Test
    void noSignalOfManyThreadsIsLost() {
        SignalReader reader = counter.join();

        IntStream.range(0, 4).parallel().forEach(thread -> {
            SharedCounter mine = new SharedCounter("door", file, thread, (row, loop) -> {}, slot -> {});
            for (int i = 0; i < 50_000; i++) {
                mine.signal();
            }
        });

        assertThat(reader.total()).isEqualTo(200_000);
    }

    @Test
    void onlyWhoArmedIsRungForAndOnce() {
        counter.join();
        SignalReader armed = counter.join();
        counter.signal();
        assertThat(rings).isEmpty();

        armed.arm(3);
        counter.signal();
        counter.signal();

        assertThat(rings).containsExactly(ROW + "/3");
    }

    @Test
    void whoLeftIsNotRungForAndItsSlotIsTheNextOnes() {
        SignalReader gone = counter.join();
        gone.close();
        SignalReader next = counter.join();
        assertThat(taken()).isEqualTo(1);

        gone.arm(1);
        gone.close();

        assertThat(taken()).isEqualTo(1);
        counter.signal();
        assertThat(rings).isEmpty();
        next.close();
        assertThat(taken()).isZero();
    }

    @Test
    void theSixtyFifthIsRefused() {
        Stream.generate(counter::join).limit(64).forEach(reader -> {});

        assertThatThrownBy(counter::join)
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_SUBSCRIBERS))
                .hasMessageContaining("all 64 places")
                .hasMessageContaining("share()");
    }

    @Test
    void theSixtyFifthGetsThePlaceOfADeadOne() {
        SharedCounter reaping = new SharedCounter("door", file, ROW, (row, loop) -> {}, slot -> {
            if (slot == 40) {
                file.putLong(SlotLayout.wordOffset(slot), SlotLayout.word(9, 0, SlotLayout.FREE));
            }
        });
        Stream.generate(reaping::join).limit(64).forEach(reader -> {});

        SignalReader reader = reaping.join();
        reaping.signal();

        assertThat(reader.total()).isEqualTo(1);
        assertThat(file.getLong(SlotLayout.wordOffset(40))).isEqualTo(SlotLayout.word(10, ROW, SlotLayout.ACTIVE));
    }

    @Test
    void aCountThatGoesBackIsRefused() {
        SignalReader reader = counter.join();
        counter.signal();
        assertThat(reader.total()).isEqualTo(1);

        file.putLong(SignalLayout.COUNT_OFFSET, 0);

        assertThatThrownBy(reader::total)
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_RING))
                .hasMessageContaining("went back from 1 to 0");
    }

    @Test
    void usersAreKeptApartByRow() {
        for (int row : new int[] {0, 63, 64, 1023}) {
            words.use(row);
            words.use(row);
        }
        for (int row : new int[] {0, 63, 64}) {
            words.forget(row);
            assertThat(words.isUsed()).isTrue();
        }
        words.forget(1023);
        words.forget(1023);
        assertThat(words.isUsed()).isFalse();
    }

    private long taken() {
        return IntStream.range(0, SlotLayout.SLOT_COUNT)
                .filter(slot -> SlotLayout.state(file.getLong(SlotLayout.wordOffset(slot))) != SlotLayout.FREE)
                .count();
    }
}
