package io.reactiveipc.shm.ring;

import static io.reactiveipc.shm.ring.TestRing.CAPACITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.Gap;
import io.reactiveipc.IpcException;
import io.reactiveipc.Overflow;
import io.reactiveipc.Start;
import io.reactiveipc.shm.SecondJvm;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.RingProducer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StageTest {
    @Test
    void nothingIsStagedButInABatchThatHasBegun() {
        TestRing ring = new TestRing();
        assertThat(ring.offerStaged(8, 0)).as("no batch").isFalse();
        ring.writer.beginBatch();
        assertThat(ring.offerStaged(8, 0))
                .as("the first, which is stamped last")
                .isFalse();
        ring.offer(8, 1);
        assertThat(ring.offerStaged(8, 2)).isTrue();
        ring.writer.endBatch();
        assertThat(ring.offerStaged(8, 3)).as("no batch").isFalse();
        assertThat(ring.writer.tryClaimStaged(8)).as("no batch").isEqualTo(RingProducer.FULL);
    }

    @Test
    void whatIsStagedIsNotInTheRingBeforeTheEndOfTheBatch() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        ring.offer(8, 1);
        ring.offerStaged(8, 2);
        ring.offerStaged(8, 3);
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
        assertThat(ring.ring.getLong(TestRing.stampOffset(32))).isZero();
        assertThat(ring.writer.position()).isZero();

        ring.writer.endBatch();

        for (int i = 0; i < 3; i++) {
            ring.take(reader, 8, i + 1, i);
        }
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
    }

    @Test
    void aMessageThatIsNotStagedComesBehindThoseThatWere() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        ring.offer(8, 1);
        ring.offerStaged(100, 2);
        ring.offer(8, 3);
        ring.offerAtHand(8, 4);
        ring.offerStaged(8, 5);
        ring.writer.endBatch();
        for (int i = 0; i < 5; i++) {
            ring.take(reader, i == 1 ? 100 : 8, i + 1, i);
        }
    }

    @Test
    void aClaimThatIsGivenUpLeavesNothing() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        ring.offer(8, 1);
        ring.writer.openStage(500);
        ring.writer.stagingBuffer().setMemory(ring.writer.tryClaimStaged(500), 500, (byte) 9);
        ring.offerStaged(8, 2);
        ring.writer.openStage(8);
        ring.writer.tryClaimStaged(8);
        ring.writer.endBatch();
        ring.take(reader, 8, 1, 0);
        ring.take(reader, 8, 2, 1);
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
    }

    @Test
    void aMessageMayBeShorterThanItsClaim() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        ring.offer(8, 1);
        ring.writer.openStage(500);
        ring.writer.stagingBuffer().setMemory(ring.writer.tryClaimStaged(500), 20, (byte) 2);
        ring.writer.commitStaged(20);
        ring.offerStaged(8, 3);
        ring.writer.endBatch();
        ring.take(reader, 8, 1, 0);
        ring.take(reader, 20, 2, 1);
        ring.take(reader, 8, 3, 2);
    }

    @Test
    void noStageIsOpenedForALongMessage() {
        TestRing ring = TestRing.ofCapacity(16 * CAPACITY);
        RingReader reader = ring.join(true);
        int longest = Stage.LONGEST_RECORD / 32 * 32 - RecordLayout.HEADER_LENGTH;
        ring.writer.beginBatch();
        ring.offer(8, 1);
        assertThat(ring.writer.openStage(longest + 1)).isFalse();
        assertThat(ring.offerStaged(longest, 2)).isTrue();
        assertThat(ring.writer.tryClaimStaged(longest + 1)).isEqualTo(RingProducer.FULL);
        assertThat(ring.offerStaged(longest, 3)).isTrue();
        assertThat(ring.offerStaged(longest, 4)).isTrue();
        assertThat(ring.writer.tryClaimStaged(longest)).as("three fit").isEqualTo(RingProducer.FULL);
        ring.writer.endBatch();
        ring.take(reader, 8, 1, 0);
        for (int i = 1; i < 4; i++) {
            ring.take(reader, longest, i + 1, i);
        }
    }

    @Test
    void nothingIsStagedBehindALongBatch() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        ring.offer(8, 1);
        ring.offer(CAPACITY / 8, 2);
        assertThat(ring.offerStaged(8, 3)).as("the batch is long enough").isFalse();
        ring.writer.endBatch();
        ring.take(reader, 8, 1, 0);
        ring.take(reader, CAPACITY / 8, 2, 1);
    }

    @Test
    void theEndOfAStreamStandsBehindWhatWasStaged() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        ring.offer(8, 1);
        ring.offerStaged(8, 2);
        ring.writer.end(EndOfStream.COMPLETE);
        ring.take(reader, 8, 1, 0);
        ring.take(reader, 8, 2, 1);
        assertThat(reader.poll()).isEqualTo(RingConsumer.ENDED);
    }

    @Test
    void whereThereIsNoMemoryForAStageNothingIsStaged() throws Exception {
        List<String> command = SecondJvm.command(WithoutMemory.class);
        int ringAndSlots = RingLayout.HEADER_LENGTH + CAPACITY + SlotLayout.FILE_LENGTH;
        command.add(1, "-XX:MaxDirectMemorySize=" + (ringAndSlots + Stage.LENGTH / 2));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    /** In a JVM that has memory outside of the heap for a ring and its slots, and no more. */
    static final class WithoutMemory {
        public static void main(String[] args) {
            TestRing ring = new TestRing();
            RingReader reader = ring.join(true);
            ring.writer.beginBatch();
            ring.offer(8, 1);
            assertThat(ring.offerStaged(8, 2)).isFalse();
            ring.offer(8, 2);
            assertThat(ring.offerStaged(8, 3)).isFalse();
            ring.writer.endBatch();
            ring.take(reader, 8, 1, 0);
            ring.take(reader, 8, 2, 1);
        }
    }

    @Test
    void aStageMayEndWithTheLap() {
        TestRing ring = new TestRing(CAPACITY - 3 * 32);
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        ring.offer(8, 0);
        assertThat(ring.offerStaged(8, 1)).isTrue();
        assertThat(ring.offerStaged(8, 2)).isTrue();
        assertThat(ring.offerStaged(8, 3)).as("the lap ends here").isFalse();
        ring.offer(8, 3);
        assertThat(ring.offerStaged(8, 4)).as("it goes on in the next one").isTrue();
        ring.writer.endBatch();
        assertThat(ring.writer.position()).isEqualTo(CAPACITY + 2 * 32);
        for (int i = 0; i < 5; i++) {
            ring.take(reader, 8, i, i);
        }
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
    }

    @Test
    void whatFindsNoRoomIsNotStagedAndWhatWasStagedIsThereForWhoMakesRoom() {
        TestRing ring = new TestRing();
        RingReader reader = ring.join(true);
        ring.writer.beginBatch();
        int written = 0;
        while (ring.offerStaged(8, written) || ring.offer(8, written)) {
            written++;
        }
        assertThat(written).isEqualTo((CAPACITY - RingWriter.END_RESERVE) / 32);
        for (int i = 0; i < written; i++) {
            ring.take(reader, 8, i, i);
        }
        assertThat(ring.offer(8, written)).isTrue();
        assertThat(ring.offerStaged(8, written + 1)).isTrue();
        ring.writer.endBatch();
        ring.take(reader, 8, written, written);
        ring.take(reader, 8, written + 1, written + 1);
    }

    @Test
    void whoIsLappedByWhatWasStagedIsToldAndGoesOnWithTheNewest() {
        TestRing ring = new TestRing(0, 4, false, Overflow.OVERWRITE_OLDEST, 1);
        List<String> gaps = new ArrayList<>();
        RingConsumer reader =
                ring.join(Start.NEXT, Gap.SKIP_TO_LATEST, (consumer, first, last) -> gaps.add(first + " to " + last));
        int staged = 0;
        int written = 0;
        ring.writer.beginBatch();
        for (; written < 3 * CAPACITY / 32; written++) {
            if (ring.offerStaged(8, written)) {
                staged++;
            } else {
                assertThat(ring.offer(8, written)).isTrue();
            }
        }
        ring.writer.endBatch();
        assertThat(staged).isGreaterThan(written / 2);
        ring.take(reader, 8, written - 1, written - 1);
        assertThat(gaps).containsExactly("0 to " + (written - 2));
        assertThat(reader.poll()).isEqualTo(RingConsumer.EMPTY);
    }

    /** It reads on between its losses, and each number is either of a message it got, all of its bytes, or of one it is told of. */
    @Test
    void whoIsLappedAgainAndAgainByStagedBatchesGetsRunsBetweenItsLosses() {
        TestRing ring = new TestRing(0, 4, false, Overflow.OVERWRITE_OLDEST, 1);
        List<Long> told = new ArrayList<>();
        RingConsumer reader = ring.join(Start.NEXT, Gap.SKIP_TO_LATEST, (consumer, first, last) -> {
            told.add(first);
            told.add(last);
        });
        int written = 0;
        int staged = 0;
        long next = 0;
        int runs = 0;
        for (int round = 0; round < 20; round++) {
            for (int batch = 0; batch < (round % 2 == 0 ? 1 : 100); batch++) {
                ring.writer.beginBatch();
                for (int i = 0; i < 50; i++) {
                    if (ring.offerStaged(8, written)) {
                        staged++;
                    } else {
                        assertThat(ring.offer(8, written)).isTrue();
                    }
                    written++;
                }
                ring.writer.endBatch();
            }
            int index;
            int got = 0;
            while ((index = reader.poll()) >= 0) {
                if (!told.isEmpty()) {
                    assertThat(told.get(0)).isEqualTo(next);
                    next = told.get(1) + 1;
                    told.clear();
                }
                assertThat(reader.sequence()).isEqualTo(next);
                assertThat(reader.buffer().getByte(index)).isEqualTo((byte) next);
                reader.advance();
                next++;
                got++;
            }
            runs += got == 50 ? 1 : 0;
        }
        assertThat(next).isEqualTo(written);
        assertThat(runs).isEqualTo(10);
        assertThat(staged).isGreaterThan(written / 2);
    }

    @Test
    void whoseReaderIsEvictedAmidABatchGoesOnStaging() {
        TestRing ring = new TestRing(0, 4, false, Overflow.evictSlow(Duration.ofMillis(1)), 1);
        RingConsumer slow = ring.join(Start.NEXT, Gap.ERROR, (consumer, first, last) -> {});
        RingConsumer quick = ring.join(Start.NEXT, Gap.ERROR, (consumer, first, last) -> {});
        ring.writer.beginBatch();
        int written = 0;
        int read = 0;
        int stagedSince = 0;
        while (written < 2 * CAPACITY / 32) {
            if (ring.offerStaged(8, written)) {
                written++;
                stagedSince += ring.slotState(0) == SlotLayout.EVICTED ? 1 : 0;
            } else if (ring.offer(8, written)) {
                written++;
            } else {
                for (; read < written; read++) {
                    ring.take(quick, 8, read, read);
                }
            }
        }
        ring.writer.endBatch();
        assertThat(stagedSince).isGreaterThan(written / 4);
        assertThat(ring.slotState(0)).isEqualTo(SlotLayout.EVICTED);
        assertThat(ring.slotState(1)).isEqualTo(SlotLayout.ACTIVE);
        for (; read < written; read++) {
            ring.take(quick, 8, read, read);
        }
        assertThatThrownBy(slow::poll).isInstanceOf(IpcException.class).hasMessageContaining("evict");
    }
}
