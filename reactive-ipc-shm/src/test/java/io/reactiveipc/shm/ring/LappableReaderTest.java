package io.reactiveipc.shm.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.Gap;
import io.reactiveipc.LappedException;
import io.reactiveipc.Overflow;
import io.reactiveipc.Start;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.spi.RingConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LappableReaderTest {
    private static final int RECORDS = TestRing.CAPACITY / 32;

    private final TestRing ring = new TestRing(0, 4, false, Overflow.OVERWRITE_OLDEST, 4);
    private final List<String> gaps = new ArrayList<>();

    private RingConsumer join(TestRing ring, Start start, Gap gap) {
        return ring.join(start, gap, (consumer, first, last) -> gaps.add(first + " to " + last));
    }

    private void write(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(ring.offer(8, i)).isTrue();
        }
    }

    /** Its own patience begins when it is in the way itself. */
    @Test
    void whoHasMadeRoomIsNotEvictedForOneWhoHasNot() {
        TestRing evicting = new TestRing(0, 4, false, Overflow.evictSlow(Duration.ofMillis(1)), 1);
        join(evicting, Start.NEXT, Gap.ERROR);
        RingConsumer quick = join(evicting, Start.NEXT, Gap.ERROR);
        while (evicting.offer(8, 1)) {
            // until both are in the way
        }
        assertThat(quick.poll()).isNotNegative();
        quick.advance();
        quick.release(quick.position());
        long end = System.nanoTime() + 5_000_000;
        while (System.nanoTime() < end) {
            Thread.onSpinWait(); // nobody is asked meanwhile
        }
        evicting.offer(40, 2); // needs the room of two
        assertThat(evicting.slotState(0)).isEqualTo(SlotLayout.EVICTED);
        assertThat(evicting.slotState(1)).isEqualTo(SlotLayout.ACTIVE);
        assertThat(evicting.offer(8, 3)).isTrue();
    }

    @Test
    void aLossIsToldAgainAndAgainWhoeverMetItFirst() {
        RingConsumer reader = join(ring, Start.NEXT, Gap.ERROR);
        write(3 * RECORDS);
        assertThatThrownBy(reader::poll).isInstanceOf(LappedException.class);
        assertThatThrownBy(reader::poll).isInstanceOf(LappedException.class);
        assertThat(gaps).hasSize(1);
    }

    @Test
    void aLossBeforeTheFirstMessageCountsWhereverOneBegan() {
        for (Start start : List.of(Start.NEXT, Start.LATEST, Start.last(3), Start.OLDEST)) {
            RingConsumer onEmpty = join(new TestRing(0, 4, false, Overflow.OVERWRITE_OLDEST, 4), start, Gap.ERROR);
            assertThat(onEmpty.poll()).isEqualTo(RingConsumer.EMPTY);
        }
        List<RingConsumer> readers = new ArrayList<>();
        for (Start start : List.of(Start.NEXT, Start.LATEST, Start.last(3), Start.OLDEST)) {
            readers.add(join(ring, start, Gap.SKIP_TO_LATEST));
        }
        write(3 * RECORDS);
        for (RingConsumer reader : readers) {
            assertThat(reader.poll()).isNotNegative();
            assertThat(reader.sequence()).isEqualTo(3 * RECORDS - 1);
            reader.close();
        }
        assertThat(gaps).hasSize(4).containsOnly("0 to " + (3 * RECORDS - 2));

        gaps.clear();
        RingConsumer next = join(ring, Start.NEXT, Gap.SKIP_TO_LATEST);
        RingConsumer last = join(ring, Start.last(3), Gap.SKIP_TO_LATEST);
        write(3 * RECORDS);
        assertThat(next.poll()).isNotNegative();
        assertThat(last.poll()).isNotNegative();
        assertThat(gaps)
                .containsExactly(
                        3 * RECORDS + " to " + (6 * RECORDS - 2), (3 * RECORDS - 3) + " to " + (6 * RECORDS - 2));
    }

    @Test
    void whoCannotAttachToACorruptHistoryLeavesItsSlot() {
        TestRing lossless = new TestRing(0, 4, false, Overflow.WAIT, 4);
        for (int i = 0; i < 3 * RECORDS; i++) {
            assertThat(lossless.offer(8, i)).isTrue();
        }
        long newest = lossless.writer.position() - 32;
        lossless.ring.putInt(TestRing.offset(newest) + RecordLayout.LENGTH_OFFSET, -1);
        assertThatThrownBy(() -> join(lossless, Start.last(2), Gap.ERROR)).isInstanceOf(CorruptRingException.class);
        assertThat(lossless.slotState(0)).isEqualTo(SlotLayout.FREE);
        for (int i = 0; i < 3 * RECORDS; i++) {
            assertThat(lossless.offer(8, i)).isTrue();
        }
    }
}
