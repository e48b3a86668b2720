package io.reactiveipc.shm.ring;

import static io.reactiveipc.shm.ring.TestRing.CAPACITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.Delivery;
import io.reactiveipc.Gap;
import io.reactiveipc.IpcException;
import io.reactiveipc.Start;
import io.reactiveipc.shm.layout.GroupLayout;
import io.reactiveipc.shm.layout.RecordLayout;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.StreamDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Another thread, in place of another process gone wrong, writes into a ring or its slots while they are used. */
@Timeout(120)
class RacingMutatorTest {
    private final ExecutorService others = Executors.newCachedThreadPool();
    private final AtomicBoolean over = new AtomicBoolean();

    @AfterEach
    void stop() {
        over.set(true);
        others.shutdownNow();
    }

    private Future<?> meanwhile(Callable<?> step) {
        return others.submit(() -> {
            while (!over.get()) {
                step.call();
            }
            return null;
        });
    }

    private void end(List<Future<?>> running) throws Exception {
        over.set(true);
        for (Future<?> future : running) {
            future.get(60, TimeUnit.SECONDS);
        }
    }

    private static void check(TestRing ring, RingReader reader, int index) {
        int length = reader.length();
        if (index < RingLayout.HEADER_LENGTH
                || length < 0
                || length > CAPACITY / 8
                || index + length > ring.ring.capacity()) {
            throw new AssertionError("message of " + length + " bytes at " + index);
        }
    }

    @Test
    void aLengthThatChangesBetweenTwoLooksIsLookedAtOnce() throws Exception {
        TestRing ring = new TestRing();
        ring.offer(100, 1);
        int at = TestRing.offset(0) + RecordLayout.LENGTH_OFFSET;
        SplittableRandom random = new SplittableRandom(1);
        Future<?> mutator = meanwhile(() -> {
            ring.ring.putInt(at, 100);
            ring.ring.putInt(at, random.nextBoolean() ? random.nextInt() : random.nextInt(2 * CAPACITY));
            return null;
        });
        RingReader reader = ring.join(true);
        int read = 0;
        int corrupt = 0;
        for (int i = 0; i < 1_000_000 || (read == 0 || corrupt == 0); i++) {
            try {
                check(ring, reader, reader.poll());
                read++;
            } catch (CorruptRingException e) {
                corrupt++;
            }
        }
        end(List.of(mutator));
    }

    @Test
    void bitsThatFlipWhileMessagesFlowMakeTheRingCorruptAndNothingElse() throws Exception {
        TestRing ring = new TestRing();
        SplittableRandom random = new SplittableRandom(2);
        SplittableRandom lengths = new SplittableRandom(3);
        Future<?> publisher = meanwhile(() -> {
            if (!ring.offer(lengths.nextInt(300), 1)) {
                Thread.yield();
            }
            return null;
        });
        Future<?> mutator = meanwhile(() -> {
            int at = RingLayout.HEADER_LENGTH + random.nextInt(CAPACITY);
            ring.ring.putByte(at, (byte) (ring.ring.getByte(at) ^ 1 << random.nextInt(8)));
            Thread.onSpinWait();
            return null;
        });
        int corrupt = 0;
        long read = 0;
        for (RingReader reader = ring.join(false); corrupt < 300; ) {
            try {
                int index = reader.poll();
                if (index >= 0) {
                    check(ring, reader, index);
                    reader.advance();
                    reader.release(reader.position());
                    read++;
                } else if (index == RingConsumer.ENDED) { // the last record looked like an end
                    reader.close();
                    reader = ring.join(false);
                }
            } catch (CorruptRingException e) {
                corrupt++;
                reader.close();
                reader = ring.join(false);
            }
        }
        assertThat(read).isPositive();
        end(List.of(publisher, mutator));
    }

    @Test
    void aSlotTableThatIsWrittenAtRandomNeverStopsThePublisher() throws Exception {
        TestRing ring = new TestRing();
        SplittableRandom random = new SplittableRandom(4);
        Future<?> mutator = meanwhile(() -> {
            int slot = random.nextInt(4);
            switch (random.nextInt(4)) {
                case 0 ->
                    ring.slots.putLongVolatile(
                            SlotLayout.wordOffset(slot),
                            SlotLayout.word(random.nextInt(), random.nextInt(2000), random.nextInt(5)));
                case 1 -> ring.slots.putLongVolatile(SlotLayout.cursorOffset(slot), random.nextLong());
                case 2 -> ring.slots.putLongVolatile(SlotLayout.cursorOffset(slot), random.nextInt(-64, CAPACITY));
                default -> ring.slots.putIntVolatile(SlotLayout.armedOffset(slot), random.nextInt());
            }
            return null;
        });
        Future<?> joiners = meanwhile(() -> {
            try {
                RingReader reader = ring.join(true);
                reader.poll();
                reader.close();
            } catch (IpcException e) {
                // all taken, or changed while it joined
            }
            return null;
        });
        for (int written = 0; written < 300_000; ) {
            written += ring.offer(8, 1) ? 1 : 0;
        }
        end(List.of(mutator, joiners));
    }

    /** Whatever stands in the rows of groups and in entries, members read or are told, and others keep the group moving. */
    @Test
    void groupsThatAreWrittenAtRandomNeverStopThePublisherNorAMember() throws Exception {
        TestRing ring = new TestRing();
        SplittableRandom random = new SplittableRandom(5);
        Future<?> mutator = meanwhile(() -> {
            int slot = random.nextInt(4);
            int group = random.nextInt(2);
            switch (random.nextInt(7)) {
                case 0 -> ring.slots.putLongVolatile(GroupLayout.claimOffset(group), random.nextLong());
                case 1 ->
                    ring.slots.putLongVolatile(
                            GroupLayout.claimOffset(group),
                            GroupLayout.next(
                                    random.nextLong(),
                                    GroupLayout.position(ring.slots.getLongVolatile(GroupLayout.claimOffset(group))),
                                    random.nextInt(16),
                                    random.nextInt(64)));
                case 2 -> ring.slots.putLongVolatile(GroupLayout.returnedOffset(group), random.nextLong());
                case 3 ->
                    ring.slots.putLongVolatile(
                            SlotLayout.entryOffset(slot, random.nextInt(SlotLayout.ENTRY_COUNT)), random.nextLong());
                case 4 ->
                    ring.slots.putLongVolatile(
                            SlotLayout.wordOffset(slot),
                            SlotLayout.inGroup(random.nextLong(), random.nextInt(3), random.nextInt(16)));
                case 5 -> ring.slots.putLongVolatile(SlotLayout.wordOffset(slot), 0); // as its reaper does
                default -> ring.slots.putLongVolatile(SlotLayout.cursorOffset(slot), random.nextLong());
            }
            LockSupport.parkNanos(random.nextInt(20_000));
            return null;
        });
        List<Future<?>> all = new ArrayList<>(List.of(mutator));
        AtomicLong claimed = new AtomicLong();
        for (int member = 0; member < 3; member++) {
            Delivery delivery = Delivery.queue("group " + member % 2);
            all.add(meanwhile(() -> {
                try {
                    work(ring, delivery, claimed);
                } catch (IpcException e) {
                    // all taken, or corrupt
                }
                return null;
            }));
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        for (int written = 0; written < 100_000 || (claimed.get() == 0 && System.nanoTime() < deadline); ) {
            written += ring.offer(8, 1) ? 1 : 0;
        }
        end(all);
        assertThat(claimed).hasPositiveValue(); // or nobody raced
    }

    private static void work(TestRing ring, Delivery delivery, AtomicLong claimed) {
        StreamDefinition.Reading reading = new StreamDefinition.Reading(Start.NEXT, Gap.ERROR, delivery, 0, false);
        RingConsumer reader = ring.attachment(ring.slots).join(reading, false, (consumer, first, last) -> {});
        RingConsumer.Member member = Objects.requireNonNull(reader.member());
        try {
            for (int i = 0; i < 1000; i++) {
                if (reader.poll() >= 0 && member.claim()) {
                    reader.advance();
                    claimed.incrementAndGet();
                } else {
                    member.settle();
                }
            }
        } finally {
            reader.close();
        }
    }

    @Test
    void aStormOfJoinersTakesNoMoreThanTheSlotsAndLeavesThemFree() throws Exception {
        TestRing ring = new TestRing();
        List<Future<Integer>> joiners = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            joiners.add(others.submit(() -> {
                int refused = 0;
                for (int i = 0; i < 5000; i++) {
                    try {
                        RingReader reader = ring.join(false);
                        assertThat(ring.writer.subscriberCount()).isBetween(0, 4);
                        reader.close();
                    } catch (CorruptRingException e) {
                        throw e;
                    } catch (IpcException e) {
                        refused++;
                    }
                }
                return refused;
            }));
        }
        for (int written = 0; written < 200_000; ) {
            written += ring.offer(8, 1) ? 1 : 0;
        }
        for (Future<Integer> joiner : joiners) {
            joiner.get(60, TimeUnit.SECONDS);
        }
        assertThat(ring.writer.subscriberCount()).isZero();
    }
}
