package io.reactiveipc.shm.ring;

import static io.reactiveipc.shm.ring.TestRing.CAPACITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingConsumer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers and their slots: who joins, who holds the writer back, who is put out, and who comes when all is over. */
@Timeout(60)
class RingSlotsTest {
    private static final int FULL = (CAPACITY - RingWriter.END_RESERVE) / 32;

    @Test
    void slotsAreTakenAndFreedAndOneTooManyIsRefused() {
        TestRing ring = new TestRing();
        RingReader[] readers = new RingReader[4];
        for (int i = 0; i < 4; i++) {
            readers[i] = ring.join(false);
        }
        assertThat(ring.writer.subscriberCount()).isEqualTo(4);
        assertThatThrownBy(() -> ring.join(false)).isInstanceOfSatisfying(IpcException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.TOO_MANY_SUBSCRIBERS));
        int generation = SlotLayout.generation(ring.slotWord(1));
        readers[1].close();
        readers[1].close();
        assertThat(ring.writer.subscriberCount()).isEqualTo(3);
        RingReader again = ring.join(false);
        readers[1].close();
        assertThat(SlotLayout.state(ring.slotWord(1)))
                .as("not the former owner's")
                .isEqualTo(SlotLayout.ACTIVE);
        assertThat(SlotLayout.generation(ring.slotWord(1))).isGreaterThan(generation);
        assertThat(SlotLayout.nodeRow(ring.slotWord(1))).isEqualTo(5);
        again.close();
    }

    @Test
    void whoIsStillJoiningHoldsNobodyBack() {
        TestRing ring = new TestRing();
        ring.slots.putLongVolatile(SlotLayout.wordOffset(0), SlotLayout.word(1, 5, SlotLayout.JOINING));
        for (int i = 0; i < 3 * FULL; i++) {
            assertThat(ring.offer(8, i)).isTrue();
        }
        assertThat(ring.writer.subscriberCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 40, Long.MAX_VALUE, 33, 7})
    void aCursorThatNoReaderWritesIsEvictedAndThePublisherGoesOn(long garbage) {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.offer(8, 0);
        ring.offer(8, 0);
        ring.slots.putLongVolatile(SlotLayout.cursorOffset(0), garbage);
        for (int i = 0; i < 3 * FULL; i++) {
            assertThat(ring.offer(8, i)).isTrue();
        }
        assertThat(SlotLayout.state(ring.slotWord(0))).isEqualTo(SlotLayout.EVICTED);
        assertThatThrownBy(() -> TestRing.pollThroughAudit(reader)).isInstanceOf(CorruptRingException.class);
        reader.close();
        assertThat(SlotLayout.state(ring.slotWord(0))).isEqualTo(SlotLayout.FREE);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -CAPACITY, -32, 0, 32, 2 * CAPACITY - 32})
    void aCursorBehindAllThatTheRingHoldsIsEvictedAndItsOwnerTold(long garbage) {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        for (int i = 0; i < 3 * CAPACITY / 32; i++) {
            assertThat(ring.offer(8, i)).isTrue();
            ring.take(reader, 8, i, i);
        }
        ring.slots.putLongVolatile(SlotLayout.cursorOffset(0), garbage);
        for (int i = 0; i < 3 * FULL; i++) {
            assertThat(ring.offer(8, i)).as("message %d", i).isTrue();
        }
        assertThat(SlotLayout.state(ring.slotWord(0))).isEqualTo(SlotLayout.EVICTED);
        assertThatThrownBy(() -> TestRing.pollThroughAudit(reader))
                .isInstanceOf(CorruptRingException.class)
                .hasMessageContaining("cursor in the slot table was overwritten");
    }

    @Test
    void aCursorBeforeTheRingsFirstRecordIsEvicted() {
        TestRing ring = new TestRing(CAPACITY);
        ring.join(true);
        ring.slots.putLongVolatile(SlotLayout.cursorOffset(0), CAPACITY - 32);
        for (int i = 0; i < 3 * FULL; i++) {
            assertThat(ring.offer(8, i)).isTrue();
        }
        assertThat(SlotLayout.state(ring.slotWord(0))).isEqualTo(SlotLayout.EVICTED);
    }

    @Test
    void aReaderThatIsAboutToSleepAsksAtOnceWhyTheRingIsSilent() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.slots.putLongVolatile(
                SlotLayout.wordOffset(0), SlotLayout.withState(ring.slotWord(0), SlotLayout.EVICTED));
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        reader.arm(0);
        assertThatThrownBy(reader::poll).isInstanceOf(CorruptRingException.class);
        assertThatThrownBy(reader::poll)
                .as("once more, after a last look that could not tell it")
                .isInstanceOf(CorruptRingException.class);
    }

    @Test
    void aReaderWithNothingToDoPutsItsOverwrittenCursorRight() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        int count = 0;
        while (ring.offer(8, count)) {
            ring.take(reader, 8, count, count);
            if (++count == 2 * FULL - 1) { // all that was known to be free is used up
                break;
            }
        }
        ring.slots.putLongVolatile(SlotLayout.cursorOffset(0), ring.writer.position() - CAPACITY);
        int written = 0;
        while (ring.offer(8, written)) {
            written++;
        }
        TestRing.takeEmpty(reader, written);
        ring.slots.putLongVolatile(SlotLayout.cursorOffset(0), ring.writer.position() - CAPACITY);
        assertThat(ring.writer.room(1, 1)).isZero();
        assertThat(TestRing.pollThroughAudit(reader)).isEqualTo(RingConsumer.EMPTY);
        assertThat(ring.offer(8, 7)).isTrue();
        ring.take(reader, 8, 7, count + written);
    }

    @Test
    void whoIsLappedWhileItJoinsJoinsAnew() {
        TestRing ring = new TestRing();
        AtomicInteger lapped = new AtomicInteger();
        SlotsHook slots = new SlotsHook(ring.slots, call -> {
            if (call.equals("compareAndSetLong") && lapped.get() < 3 && ring.slotState(0) == SlotLayout.JOINING) {
                for (int i = 0; i < 2 * FULL; i++) { // between the first look at the tail and ACTIVE
                    assertThat(ring.offer(8, i)).isTrue();
                }
            }
            if (call.equals("putLongRelease") && ring.slotState(0) == SlotLayout.ACTIVE) {
                for (int i = 0; i < FULL && lapped.get() < 3; i++) { // and before it has confirmed
                    assertThat(ring.offer(8, i)).isTrue();
                }
                lapped.incrementAndGet();
            }
        });
        RingReader reader = ring.join(slots.buffer(), false);
        assertThat(lapped).hasValue(4);
        assertThat(ring.slotState(0)).isEqualTo(SlotLayout.ACTIVE);
        assertThat(reader.position()).isEqualTo(ring.writer.position());
        ring.offer(8, 5);
        assertThat(reader.poll()).isNotNegative();
        assertThat(reader.length()).isEqualTo(8);
        assertThat(ring.writer.subscriberCount()).isEqualTo(1);
        reader.close();
        assertThat(ring.slotState(0)).isEqualTo(SlotLayout.FREE);
    }

    @Test
    void whoseSlotIsChangedAllTheTimeWhileItJoinsGivesUp() {
        TestRing ring = new TestRing();
        SlotsHook slots = new SlotsHook(ring.slots, call -> {
            if (call.equals("putLongRelease") && ring.slotState(0) == SlotLayout.ACTIVE) {
                ring.slots.putLongVolatile(
                        SlotLayout.wordOffset(0), SlotLayout.withState(ring.slotWord(0), SlotLayout.EVICTED));
            }
        });
        assertThatThrownBy(() -> ring.join(slots.buffer(), true))
                .isInstanceOf(CorruptRingException.class)
                .hasMessageContaining("slot 0 is changed by somebody else");
    }

    @Test
    void aSubscriberFromTheTailSeesWhatFollows() {
        TestRing ring = new TestRing();
        for (int i = 0; i < 10; i++) {
            ring.offer(8, i);
        }
        RingReader reader = ring.join(false);
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        ring.offer(8, 10);
        ring.take(reader, 8, 10, 10);
    }

    @Test
    void aSubscriberFromTheStartSeesAllWhileLessThanHalfIsWritten() {
        int half = CAPACITY / 2 / 32;
        for (int written : new int[] {0, 1, half}) {
            TestRing ring = new TestRing(CAPACITY);
            for (int i = 0; i < written; i++) {
                ring.offer(8, i);
            }
            RingReader reader = ring.join(true);
            assertThat(reader.lag()).isEqualTo(written * 32L);
            for (int i = written; i < FULL; i++) {
                assertThat(ring.offer(8, i)).isTrue();
            }
            assertThat(ring.offer(8, 0)).isFalse();
            for (int i = 0; i < FULL; i++) {
                ring.take(reader, 8, i, i);
            }
        }
        TestRing ring = new TestRing(CAPACITY);
        for (int i = 0; i <= half; i++) {
            ring.offer(8, i);
        }
        assertThat(ring.join(true).poll()).as("beyond half: from the tail").isEqualTo(RingConsumer.EMPTY);
    }

    // ---- the end, from outside --------------------------------------------------------------------------------------

    @Test
    void whoJoinsBehindTheEndIsToldOfIt() {
        TestRing ring = new TestRing();
        ring.offer(8, 1);
        ring.writer.end(EndOfStream.COMPLETE);
        RingReader reader = ring.join(false);
        assertThat(TestRing.pollThroughAudit(reader)).isEqualTo(RingConsumer.ENDED);
        assertThat(reader.end()).isEqualTo(EndOfStream.COMPLETE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 500, 5000})
    void whoJoinsBehindAnErrorIsToldOfIt(int length) {
        for (long initial : new long[] {0, CAPACITY - 32, CAPACITY - 1024}) {
            TestRing ring = new TestRing(initial);
            ring.offer(8, 1);
            EndOfStream error = new EndOfStream(EndOfStream.Kind.ERROR, "T", "m".repeat(length));
            ring.writer.end(error);
            RingReader reader = ring.join(false);
            assertThat(TestRing.pollThroughAudit(reader)).isEqualTo(RingConsumer.ENDED);
            assertThat(reader.end().kind()).isEqualTo(EndOfStream.Kind.ERROR);
            assertThat(reader.end().errorType()).isEqualTo("T");
            assertThat(error.errorMessage()).startsWith(reader.end().errorMessage());
            assertThat(reader.end().errorMessage()).hasSize(Math.min(length, 998));
        }
    }

    @Test
    void anEndWithoutItsRecordIsCorrupt() {
        for (int messages : new int[] {0, 1, 100}) {
            TestRing ring = new TestRing();
            for (int i = 0; i < messages; i++) {
                ring.offer(8, i);
            }
            RingReader reader = ring.join(false);
            ring.ring.putLongVolatile(RingLayout.FINAL_POSITION_OFFSET, ring.writer.position());
            assertThatThrownBy(() -> TestRing.pollThroughAudit(reader)).isInstanceOf(CorruptRingException.class);
        }
    }

    @Test
    void whatADeadPublisherCommittedIsReadFirst() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.offer(8, 1);
        ring.writer.beginBatch();
        ring.offer(8, 2);
        ring.death = "it was killed";
        ring.take(reader, 8, 1, 0);
        assertThat(reader.poll()).isEqualTo(RingConsumer.ENDED);
        assertThat(reader.end()).isEqualTo(EndOfStream.lost("it was killed"));
    }
}
