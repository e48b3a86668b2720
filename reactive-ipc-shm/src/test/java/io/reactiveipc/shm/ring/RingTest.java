package io.reactiveipc.shm.ring;

import static io.reactiveipc.shm.ring.TestRing.CAPACITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.Gap;
import io.reactiveipc.IpcException;
import io.reactiveipc.Overflow;
import io.reactiveipc.Start;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.RingProducer;
import java.time.Duration;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RingTest {
    private static final int FULL = (CAPACITY - RingWriter.END_RESERVE) / 32;

    private static void takeEmpty(RingReader reader, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(reader.poll()).isNotNegative();
            reader.advance();
        }
        reader.release(reader.position());
    }

    /** Polls as long as it takes to look at what a poll leaves alone. */
    private static int pollThroughAudit(RingReader reader) {
        int result = RingConsumer.EMPTY;
        for (int i = 0; i < 1025 && result == RingConsumer.EMPTY; i++) {
            result = reader.poll();
        }
        return result;
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                (1L << 31) - CAPACITY,
                (1L << 32) - 64,
                (1L << 62) - 32 * 1024,
                Long.MAX_VALUE - 8192L * CAPACITY + 1
            })
    void messagesOfEveryLengthPassTheEndOfTheRingAtEveryOffset(long initialPosition) {
        for (boolean timestamps : new boolean[] {false, true}) {
            TestRing ring = new TestRing(initialPosition, 4, timestamps);
            RingReader reader = ring.join(true);
            SplittableRandom random = new SplittableRandom(initialPosition);
            for (int i = 0; i < 20_000; i++) {
                int length = i % 50 == 0 ? CAPACITY / 8 : random.nextInt(200);
                assertThat(ring.offer(length, i)).isTrue();
                ring.take(reader, length, i, i);
                assertThat(reader.timestampNanos() != 0).isEqualTo(timestamps);
                assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
            }
        }
    }

    @Test
    void aMessageThatDoesNotFitBeforeTheEndLeavesPaddingOfAnyLength() {
        for (int room = 32; room < 512; room += 32) {
            TestRing ring = new TestRing(CAPACITY - room);
            RingReader reader = ring.join(true);
            assertThat(ring.offer(600, 1)).isTrue();
            assertThat(ring.writer.position()).isEqualTo(CAPACITY + RecordLayout.recordLength(600, false));
            ring.take(reader, 600, 1, 0);
        }
    }

    @Test
    void aMessageThatFitsExactlyBeforeTheEndNeedsNoPadding() {
        TestRing ring = new TestRing(CAPACITY - 32);
        RingReader reader = ring.join(true);
        assertThat(ring.offer(8, 1)).isTrue();
        assertThat(ring.writer.position()).isEqualTo(CAPACITY);
        ring.take(reader, 8, 1, 0);
    }

    @Test
    void aFullRingRefusesUntilTheSlowestHasPassed() {
        TestRing ring = new TestRing();
        RingReader slow = ring.join(true);
        RingReader quick = ring.join(true);
        for (int i = 0; i < FULL; i++) {
            assertThat(ring.offer(8, i)).isTrue();
        }
        assertThat(ring.offer(8, 0)).isFalse();
        assertThat(ring.writer.freeBytes()).isZero();
        takeEmpty(quick, FULL);
        assertThat(ring.offer(8, 0)).isFalse();
        takeEmpty(slow, 3);
        assertThat(ring.writer.freeBytes()).isEqualTo(3 * 32);
        assertThat(ring.writer.room(1, 1)).isEqualTo(3 * 32);
        for (int i = 0; i < 3; i++) {
            assertThat(ring.offer(8, i)).isTrue();
        }
        assertThat(ring.offer(8, 0)).isFalse();
        assertThat(ring.writer.isDrainedTo(3 * 32)).isTrue();
        assertThat(ring.writer.isDrainedTo(4 * 32)).isFalse();
        slow.close();
        takeEmpty(quick, 3);
        assertThat(ring.offer(8, 0)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 32, 480, 992, 1024, 2016})
    void theEndFindsRoomInAFullRingWhereverItIs(int offset) {
        TestRing ring = new TestRing(offset / 32 * 32);
        RingReader reader = ring.join(true);
        int written = 0;
        while (ring.offer(8, 0)) {
            written++;
        }
        ring.writer.end(new EndOfStream(EndOfStream.Kind.ERROR, "T".repeat(3000), "€".repeat(3000)));
        takeEmpty(reader, written);
        assertThat(reader.poll()).isEqualTo(RingConsumer.ENDED);
        assertThat(reader.end().kind()).isEqualTo(EndOfStream.Kind.ERROR);
        assertThat(reader.end().errorType()).matches("T{100,}");
        assertThat(reader.end().errorMessage()).startsWith("€€€€");
        assertThat(reader.end().errorMessage()).doesNotContain("\uFFFD");
    }

    @Test
    void completionHasNoText() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.offer(8, 1);
        ring.writer.end(EndOfStream.COMPLETE);
        ring.take(reader, 8, 1, 0);
        assertThat(reader.poll()).isEqualTo(RingConsumer.ENDED);
        assertThat(reader.poll()).isEqualTo(RingConsumer.ENDED);
        assertThat(reader.end()).isEqualTo(EndOfStream.COMPLETE);
    }

    @Test
    void aBatchIsInvisibleUntilItsEnd() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        for (int i = 0; i < 5; i++) {
            ring.offer(8, i);
            assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        }
        assertThat(ring.writer.position()).isZero();
        ring.writer.endBatch();
        for (int i = 0; i < 5; i++) {
            ring.take(reader, 8, i, i);
        }
        ring.writer.beginBatch();
        ring.writer.endBatch();
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        ring.offer(8, 9);
        ring.take(reader, 8, 9, 5);
    }

    @Test
    void aLongBatchIsHandedOverInPieces() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(false);
        ring.writer.beginBatch();
        int written = 0;
        while (reader.poll() == RingConsumer.EMPTY) {
            assertThat(ring.offer(4000, 1)).isTrue();
            written++;
        }
        assertThat(written)
                .isEqualTo(3); // of 4032 bytes each: with the third, it would be more than an eighth of the ring
        takeEmpty(reader, written - 1);
        ring.offer(4000, 1);
        assertThat(reader.poll()).as("the batch goes on").isEqualTo(RingConsumer.EMPTY);
        ring.writer.endBatch();
        assertThat(reader.poll()).isNotNegative();
    }

    @Test
    void aMessageLongerThanABatchIsOneByItself() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        int longest = CAPACITY / 8;
        ring.writer.beginBatch();
        for (int i = 0; i < 5; i++) {
            assertThat(ring.offer(longest, i)).isTrue();
            assertThat(ring.writer.tryClaimInBatch(0)).isEqualTo(RingProducer.FULL);
        }
        for (int i = 0; i < 4; i++) {
            ring.take(reader, longest, i, i);
        }
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        ring.writer.endBatch();
        ring.take(reader, longest, 4, 4);
    }

    @Test
    void nothingIsAtHandButInABatchThatHasBegun() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.offer(8, 0);
        assertThat(ring.writer.tryClaimInBatch(8)).as("no batch").isEqualTo(RingProducer.FULL);
        ring.writer.beginBatch();
        assertThat(ring.writer.tryClaimInBatch(8))
                .as("the first, which is stamped last")
                .isEqualTo(RingProducer.FULL);
        ring.offer(8, 1);
        assertThat(ring.offerAtHand(8, 2)).isTrue();
        ring.take(reader, 8, 0, 0);
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        ring.writer.endBatch();
        assertThat(ring.writer.tryClaimInBatch(8)).as("no batch").isEqualTo(RingProducer.FULL);
        ring.take(reader, 8, 1, 1);
        ring.take(reader, 8, 2, 2);
    }

    /** How a message of a batch is written, where it can be. */
    private enum Way {
        ONE_BY_ONE,
        AT_HAND,
        STAGED,
        ANY;

        private static final Way[] WAYS = {ONE_BY_ONE, AT_HAND, STAGED};

        boolean offer(TestRing ring, int length, int seed, Random random) {
            return switch (this) {
                case ONE_BY_ONE -> false;
                case AT_HAND -> ring.offerAtHand(length, seed);
                case STAGED -> ring.offerStaged(length, seed);
                case ANY -> WAYS[random.nextInt(WAYS.length)].offer(ring, length, seed, random);
            };
        }

        /** The least that can be written that way, in percent. */
        int percent() {
            return switch (this) {
                case ONE_BY_ONE -> 0;
                case AT_HAND, STAGED -> 50;
                case ANY -> 30;
            };
        }
    }

    /** Laps of batches of all lengths. */
    @ParameterizedTest
    @MethodSource("batches")
    void aMessageOfABatchIsTheSameWhicheverWayItIsWritten(Way way, Overflow overflow, boolean timestamps, int history) {
        TestRing ring = new TestRing(CAPACITY - 64, 4, timestamps, overflow, history);
        RingConsumer reader = ring.join(Start.NEXT, Gap.ERROR, (consumer, first, last) -> {});
        Random random = new Random(history);
        int written = 0;
        int thatWay = 0;
        for (int batch = 0; batch < 500; batch++) {
            int[] lengths = random.ints(random.nextInt(30), 0, 1200).toArray();
            ring.writer.beginBatch();
            for (int i = 0; i < lengths.length; i++) {
                if (way.offer(ring, lengths[i], written + i, random)) {
                    thatWay++;
                } else {
                    assertThat(ring.offer(lengths[i], written + i)).isTrue();
                }
            }
            ring.writer.endBatch();
            for (int length : lengths) {
                ring.take(reader, length, written, written);
                assertThat(reader.timestampNanos() != 0).isEqualTo(timestamps);
                written++;
            }
            assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        }
        assertThat(100L * thatWay).isGreaterThanOrEqualTo((long) way.percent() * written);
        assertThat(sequenceAt(ring, RingLayout.LATEST_OFFSET)).isEqualTo(written - 1);
        if (history > 1) {
            assertThat(sequenceAt(ring, RingLayout.RETAINED_OFFSET)).isEqualTo(written - history);
        }
    }

    static Stream<Arguments> batches() {
        return Stream.of(Way.values()).flatMap(way -> Stream.of(
                        Overflow.WAIT, Overflow.OVERWRITE_OLDEST, Overflow.evictSlow(Duration.ofMinutes(1)))
                .flatMap(overflow -> Stream.of(
                        Arguments.of(way, overflow, false, 1),
                        Arguments.of(way, overflow, true, 1),
                        Arguments.of(way, overflow, false, 7),
                        Arguments.of(way, overflow, true, 7))));
    }

    private static long sequenceAt(TestRing ring, int word) {
        return ring.ring.getLong(TestRing.offset(ring.ring.getLong(word)) + RecordLayout.SEQUENCE_OFFSET);
    }

    @Test
    void aFullRingCommitsAnOpenBatchOrNobodyWouldEverMakeRoom() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        int written = 0;
        while (ring.offer(8, 0)) {
            written++;
        }
        assertThat(written).isEqualTo(FULL);
        takeEmpty(reader, FULL);
        assertThat(ring.offer(8, 7)).isTrue();
        assertThat(reader.poll()).as("the batch goes on").isEqualTo(RingConsumer.EMPTY);
        ring.writer.endBatch();
        ring.take(reader, 8, 7, FULL);
    }

    @Test
    void aBatchMayBeginWithPadding() {
        TestRing ring = new TestRing(CAPACITY - 64);
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        ring.offer(500, 1);
        ring.offer(8, 2);
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        ring.writer.endBatch();
        ring.take(reader, 500, 1, 0);
        ring.take(reader, 8, 2, 1);
    }

    @Test
    void abandonedClaimsLeaveNoMessage() {
        TestRing ring = new TestRing(CAPACITY - 64);
        RingReader reader = ring.join(true);
        for (int i = 0; i < 1000; i++) {
            int abandoned = ring.writer.tryClaim(i % 3 == 0 ? 0 : 700);
            ring.ring.setMemory(abandoned, i % 3 == 0 ? 0 : 700, (byte) 0xFF);
            assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
            int length = i * 7 % 90;
            assertThat(ring.offer(length, i)).isTrue();
            ring.take(reader, length, i, i);
        }
    }

    @Test
    void whatIsCommittedMayBeShorterThanWhatWasClaimed() {
        TestRing ring = new TestRing(CAPACITY - 512);
        RingReader reader = ring.join(true);
        for (int i = 0; i < 500; i++) {
            int index = ring.writer.tryClaim(1000);
            ring.ring.setMemory(index, i % 200, (byte) i);
            ring.writer.commit(i % 200);
            ring.take(reader, i % 200, i, i);
        }
    }

    // ---- slots ------------------------------------------------------------------------------------------------------

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
        assertThatThrownBy(() -> pollThroughAudit(reader)).isInstanceOf(CorruptRingException.class);
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
        assertThatThrownBy(() -> pollThroughAudit(reader))
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
        takeEmpty(reader, written);
        ring.slots.putLongVolatile(SlotLayout.cursorOffset(0), ring.writer.position() - CAPACITY);
        assertThat(ring.writer.room(1, 1)).isZero();
        assertThat(pollThroughAudit(reader)).isEqualTo(RingConsumer.EMPTY);
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
        assertThat(pollThroughAudit(reader)).isEqualTo(RingConsumer.ENDED);
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
            assertThat(pollThroughAudit(reader)).isEqualTo(RingConsumer.ENDED);
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
            assertThatThrownBy(() -> pollThroughAudit(reader)).isInstanceOf(CorruptRingException.class);
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

    // ---- bytes that no publisher writes -----------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, CAPACITY / 8 + 1, Integer.MAX_VALUE, Integer.MAX_VALUE - 23})
    void aLengthOutOfRangeIsCorrupt(int length) {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.offer(100, 1);
        ring.ring.putInt(TestRing.offset(0) + RecordLayout.LENGTH_OFFSET, length);
        assertThatThrownBy(reader::poll)
                .isInstanceOf(CorruptRingException.class)
                .hasMessageContaining("test-1")
                .hasMessageContaining("" + length);
    }

    @Test
    void aLengthBeyondTheRingsEndIsCorrupt() {
        TestRing ring = new TestRing(CAPACITY - 64);
        RingReader reader = ring.join(true);
        ring.offer(40, 1);
        ring.ring.putInt(TestRing.offset(CAPACITY - 64) + RecordLayout.LENGTH_OFFSET, 41);
        assertThatThrownBy(reader::poll).isInstanceOf(CorruptRingException.class);
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, RecordLayout.FRAG, RecordLayout.POOLREF, 6, 255, -1, Short.MIN_VALUE})
    void anUnknownTypeIsCorrupt(short type) {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.offer(100, 1);
        ring.ring.putShort(TestRing.offset(0) + RecordLayout.TYPE_OFFSET, type);
        assertThatThrownBy(reader::poll).isInstanceOf(CorruptRingException.class);
    }

    @Test
    void flagsThatTheStreamDoesNotHaveAreCorrupt() {
        for (boolean timestamps : new boolean[] {false, true}) {
            for (int flags : new int[] {0, 1, 2, 3, 0x8000, 0xFFFF}) {
                TestRing ring = new TestRing(0, 4, timestamps);
                RingReader reader = ring.join(true);
                ring.offer(100, 1);
                ring.ring.putShort(TestRing.offset(0) + RecordLayout.FLAGS_OFFSET, (short) flags);
                if (flags == (timestamps ? RecordLayout.FLAG_TIMESTAMP : 0)) {
                    assertThat(reader.poll()).isNotNegative();
                } else {
                    assertThatThrownBy(reader::poll).isInstanceOf(CorruptRingException.class);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 2, Long.MAX_VALUE, Long.MIN_VALUE})
    void aSequenceThatIsNotDueIsCorrupt(long sequence) {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.offer(8, 1);
        ring.offer(8, 2);
        ring.ring.putLong(TestRing.offset(32) + RecordLayout.SEQUENCE_OFFSET, sequence);
        ring.take(reader, 8, 1, 0);
        assertThatThrownBy(reader::poll).isInstanceOf(CorruptRingException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-24, 0, 7, 9, 40, Integer.MAX_VALUE})
    void paddingThatDoesNotReachTheEndIsCorrupt(int length) {
        TestRing ring = new TestRing(CAPACITY - 32);
        RingReader reader = ring.join(true);
        ring.offer(100, 1);
        ring.ring.putInt(TestRing.offset(CAPACITY - 32) + RecordLayout.LENGTH_OFFSET, length);
        assertThatThrownBy(reader::poll).isInstanceOf(CorruptRingException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, RingWriter.END_RESERVE + 1, Integer.MAX_VALUE})
    void anEndOfImpossibleLengthIsCorrupt(int length) {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.end(EndOfStream.COMPLETE);
        ring.ring.putInt(TestRing.offset(0) + RecordLayout.LENGTH_OFFSET, length);
        assertThatThrownBy(reader::poll).isInstanceOf(CorruptRingException.class);
    }

    @Test
    void anEndBehindWhichMessagesStandIsCorrupt() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.offer(8, 1);
        ring.offer(8, 2);
        ring.ring.putShort(TestRing.offset(0) + RecordLayout.TYPE_OFFSET, (short) RecordLayout.EOS);
        assertThatThrownBy(reader::poll)
                .isInstanceOf(CorruptRingException.class)
                .hasMessageContaining("an end record although the publisher's tail is at 64");
    }

    @Test
    void aWrongStampHidesTheRecordUntilTheTailGivesItAway() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.offer(8, 1);
        ring.ring.putLong(TestRing.stampOffset(0), 12345);
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        assertThatThrownBy(() -> pollThroughAudit(reader)).isInstanceOf(CorruptRingException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 228, CAPACITY - 31, Long.MIN_VALUE, -32, 32})
    void whoJoinsAtATailThatIsNoneIsRefusedAndLeavesItsSlot(long tail) {
        TestRing ring = new TestRing(2 * CAPACITY);
        ring.ring.putLong(RingLayout.TAIL_OFFSET, tail);
        assertThatThrownBy(() -> ring.join(false))
                .isInstanceOf(CorruptRingException.class)
                .hasMessageContaining("tail is at " + tail);
        assertThat(ring.slotState(0)).isEqualTo(SlotLayout.FREE);
    }

    @Test
    void aRingThatBecameZerosIsCorruptAndNotWaitedFor() {
        for (int messages : new int[] {0, 1, 5}) {
            TestRing ring = new TestRing();
            RingReader reader = ring.join(true);
            for (int i = 0; i < messages; i++) {
                ring.offer(8, i);
            }
            ring.ring.setMemory(0, ring.ring.capacity(), (byte) 0);
            assertThatThrownBy(() -> pollThroughAudit(reader))
                    .isInstanceOf(CorruptRingException.class)
                    .hasMessageContaining("header was overwritten");
        }
    }

    @Test
    void noBytesMakeAReaderFailOtherwiseThanByCorruptRingException() {
        SplittableRandom random = new SplittableRandom(20_260_807);
        int corrupt = 0;
        int read = 0;
        for (int round = 0; round < 2000; round++) {
            TestRing ring = new TestRing(round % 7 == 0 ? CAPACITY - 512 : 0, 4, round % 2 == 0);
            RingReader reader = ring.join(true);
            for (int i = 0; i < 60; i++) {
                ring.offer(random.nextInt(120), i);
            }
            if (round % 3 == 0) {
                ring.writer.end(new EndOfStream(EndOfStream.Kind.ERROR, "type", "message"));
            }
            for (int mutation = 0; mutation < 100; mutation++) {
                mutate(ring, random);
                int outcome;
                int steps = 0;
                try {
                    do {
                        outcome = reader.poll();
                        if (outcome >= 0) {
                            assertThat(reader.length()).isBetween(0, CAPACITY / 8);
                            ring.ring.boundsCheck(outcome, reader.length());
                            reader.advance();
                            reader.release(reader.position());
                            read++;
                        }
                    } while (outcome >= 0 && ++steps < 10_000);
                    assertThat(steps).isLessThan(10_000);
                } catch (CorruptRingException e) {
                    corrupt++;
                    reader.close();
                    reader = ring.join(true);
                }
            }
        }
        assertThat(corrupt).isGreaterThan(1000);
        assertThat(read).isGreaterThan(10_000);
    }

    private static void mutate(TestRing ring, SplittableRandom random) {
        int record = TestRing.offset(ring.geometry.initialPosition() + random.nextInt(200) * 32L);
        switch (random.nextInt(8)) {
            case 0 -> ring.ring.putInt(record, random.nextInt());
            case 1 -> ring.ring.putInt(record, random.nextInt(-2, CAPACITY / 4));
            case 2 -> ring.ring.putShort(record + RecordLayout.TYPE_OFFSET, (short) random.nextInt(8));
            case 3 -> ring.ring.putShort(record + RecordLayout.FLAGS_OFFSET, (short) random.nextInt(4));
            case 4 -> ring.ring.putLong(record + RecordLayout.SEQUENCE_OFFSET, random.nextInt(80));
            case 5 -> {
                long position = ring.geometry.initialPosition() + random.nextInt(200) * 32L;
                ring.ring.putLong(TestRing.stampOffset(position), position ^ TestRing.KEY);
            }
            case 6 -> ring.ring.putByte(RingLayout.HEADER_LENGTH + random.nextInt(CAPACITY), (byte) random.nextInt());
            default ->
                ring.ring.putLong(
                        random.nextBoolean() ? RingLayout.TAIL_OFFSET : RingLayout.FINAL_POSITION_OFFSET,
                        random.nextInt(CAPACITY) / 32 * 32L);
        }
    }
}
