package io.reactiveipc.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.spi.Doorbell;
import io.reactiveipc.spi.WaitStrategy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whom a poll loop visits how often, where it has many tasks. A task that never has work is visited once in each pass. */
@Timeout(60)
class ManyTasksTest {
    private static final int TASKS = 100;
    private static final int PASSES = 50;
    private static final RuntimeException BROKEN = new IllegalStateException("broken, as the test wants it");

    private final PollLoop loop =
            new PollLoop("many tasks", 0, WaitStrategy.busySpin(), (index, thread) -> new NoBell());

    private static final class NoBell implements Doorbell {
        @Override
        public void await(long maxNanos) {}

        @Override
        public void ring() {}

        @Override
        public void close() {}
    }

    private static class Counted implements PollLoop.Task {
        final AtomicInteger visits = new AtomicInteger();
        final AtomicInteger failures = new AtomicInteger();
        final AtomicInteger visitsAfterFailure = new AtomicInteger();
        private final int work;
        private final int visitsToFailure;

        Counted(int work, int visitsToFailure) {
            this.work = work;
            this.visitsToFailure = visitsToFailure;
        }

        @Override
        public int doWork() {
            if (failures.get() > 0) {
                visitsAfterFailure.incrementAndGet();
            } else if (visits.incrementAndGet() == visitsToFailure) {
                throw BROKEN;
            }
            return work;
        }

        @Override
        public void arm(int loop) {}

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void failed(Throwable error) {
            if (error == BROKEN) {
                failures.incrementAndGet();
            }
        }
    }

    private static List<Counted> tasks(int count, int work, int visitsToFailure) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Counted(work, visitsToFailure))
                .toList();
    }

    private void addAmong(List<Counted> silent, Counted busy) {
        silent.subList(0, 57).forEach(loop::add);
        loop.add(busy);
        silent.subList(57, TASKS).forEach(loop::add);
    }

    private int passesOf(List<Counted> silent) {
        Counted any = silent.get(0);
        while (any.visits.get() < PASSES) {
            assertThat(Thread.currentThread().isInterrupted()).as("timed out").isFalse();
        }
        loop.stop();
        return any.visits.get();
    }

    @AfterEach
    void stop() {
        loop.stop();
    }

    @Test
    void aBusyTaskIsVisitedBetweenTheSilentOnes() {
        List<Counted> silent = tasks(TASKS, 0, -1);
        Counted busy = new Counted(1, -1);
        addAmong(silent, busy);
        loop.start();

        int passes = passesOf(silent);
        assertThat(silent).allSatisfy(task -> assertThat(task.visits).hasValueBetween(passes - 1, passes + 1));
        assertThat(busy.visits).hasValueGreaterThan(5 * passes);
    }

    @Test
    void aBusyTaskIsVisitedBetweenTheSilentOnesAlsoWhileOthersComeAndGo() {
        List<Counted> silent = tasks(TASKS, 0, -1);
        Counted busy = new Counted(1, -1);
        Counted guest = new Counted(0, -1);
        Counted last = new Counted(0, -1) {
            @Override
            public int doWork() {
                loop.add(guest);
                loop.remove(guest);
                return super.doWork();
            }
        };
        addAmong(silent, busy);
        loop.add(last);
        loop.start();

        int passes = passesOf(silent);
        assertThat(busy.visits).hasValueGreaterThan(5 * passes);
    }

    @Test
    void whoHasMuchToDoDoesNotKeepTheOthersWaiting() {
        List<Counted> silent = tasks(TASKS, 0, -1);
        Counted veryBusy = new Counted(256, -1);
        Counted busy = new Counted(1, -1);
        loop.add(veryBusy);
        loop.add(busy);
        silent.forEach(loop::add);
        loop.start();

        int passes = passesOf(silent);
        assertThat(veryBusy.visits).hasValueBetween(passes - 1, 2 * (passes + 1));
        assertThat(busy.visits).hasValueGreaterThan(5 * passes);
    }

    @Test
    void noneIsLeftOutHoweverManyAreBusy() {
        List<Counted> silent = tasks(TASKS, 0, -1);
        List<Counted> busy = tasks(TASKS, 1, -1);
        for (int i = 0; i < TASKS; i++) {
            loop.add(busy.get(i));
            loop.add(silent.get(i));
        }
        loop.start();

        int passes = passesOf(silent);
        assertThat(silent).allSatisfy(task -> assertThat(task.visits).hasValueBetween(passes - 1, passes + 1));
        assertThat(busy).allSatisfy(task -> assertThat(task.visits).hasValueGreaterThanOrEqualTo(passes - 1));
    }

    @Test
    void whatFailsBetweenTheOthersIsNotVisitedAgain() {
        List<Counted> silent = tasks(TASKS, 0, -1);
        List<Counted> broken =
                IntStream.range(0, 8).mapToObj(i -> new Counted(1, 3 + 5 * i)).toList();
        silent.forEach(loop::add);
        broken.forEach(loop::add);
        loop.start();

        passesOf(silent);
        assertThat(broken).allSatisfy(task -> {
            assertThat(task.failures).hasValue(1);
            assertThat(task.visitsAfterFailure).hasValue(0);
        });
    }
}
