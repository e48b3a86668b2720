package io.reactiveipc.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.spi.Doorbell;
import io.reactiveipc.spi.WaitStrategy;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a poll loop sleeps, with its real clock. */
@Timeout(60)
class SilenceTest {
    private record Sleep(long began, long maxNanos) {}

    private final BlockingQueue<Sleep> sleeps = new LinkedBlockingQueue<>();
    private final AtomicInteger work = new AtomicInteger();
    private final PollLoop loop = new PollLoop("silence", 0, WaitStrategy.adaptive(), (index, thread) -> new Bell());

    private volatile boolean forgotten;
    private volatile boolean armedUnforgotten;

    private final class Bell implements Doorbell {
        @Override
        public void forget() {
            forgotten = true;
        }

        @Override
        public void await(long maxNanos) {
            forgotten = false;
            sleeps.add(new Sleep(System.nanoTime(), maxNanos));
            LockSupport.parkNanos(Math.min(maxNanos, 10_000_000)); // as if rung for nothing
        }

        @Override
        public void ring() {}

        @Override
        public void close() {}
    }

    private final class Work implements PollLoop.Task {
        @Override
        public int doWork() {
            return work.getAndSet(0);
        }

        @Override
        public void arm(int loop) {
            armedUnforgotten |= !forgotten;
        }

        @Override
        public boolean isReady() {
            return false;
        }

        @Override
        public void failed(Throwable error) {
            // the loop has ended, with its test
        }
    }

    @AfterEach
    void stop() {
        loop.stop();
    }

    @Test
    void sleepsAreLongerAfterTwoSecondsWithoutWorkHoweverOftenTheLoopWakes() throws InterruptedException {
        loop.add(new Work());
        long begin = System.nanoTime();
        loop.start();
        expectShortThenLongSleeps(begin);

        begin = System.nanoTime();
        work.set(1);
        while (work.get() > 0) {
            Thread.onSpinWait();
        }
        sleeps.clear(); // whatever it began before the work
        sleeps.take();
        expectShortThenLongSleeps(begin);
    }

    @Test
    void theRingThatEndedASleepIsForgottenBeforeTheNextArming() throws InterruptedException {
        loop.add(new Work());
        loop.start();
        for (int i = 0; i < 3; i++) {
            sleeps.take();
        }
        assertThat(armedUnforgotten).isFalse();
    }

    private void expectShortThenLongSleeps(long begin) throws InterruptedException {
        long silence = Duration.ofSeconds(2).toNanos();
        Sleep sleep = sleeps.take();
        int sleepsBefore = 0;
        while (sleep.maxNanos == WaitStrategy.SLEEP_NANOS) {
            sleepsBefore++;
            sleep = sleeps.take();
        }
        assertThat(sleepsBefore).as("short ones").isPositive();
        assertThat(sleep.maxNanos).isEqualTo(WaitStrategy.MAX_SLEEP_NANOS);
        assertThat(sleep.began - begin).isGreaterThanOrEqualTo(silence);
    }
}
