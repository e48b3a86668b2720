package io.reactiveipc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.benchmarks.report.Metric;
import io.reactiveipc.benchmarks.report.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HeatTest {
    private static final Scenario SILENT = Scenario.oneToOne(Pattern.IDLE, 32);
    private static final Scenario ONE_WAY = Scenario.oneToOne(Pattern.THROUGHPUT, 32);

    @TempDir
    Path directory;

    /** Works as the test says, and checks that nobody works who stands still. */
    private static class Fake implements Contender, Trial {
        private final String name;
        private final Runnable work;
        private final AtomicBoolean stands = new AtomicBoolean();
        private final AtomicBoolean closed = new AtomicBoolean();
        private int timesSuspended;

        Fake(String name, Runnable work) {
            this.name = name;
            this.work = work;
        }

        private void work() {
            if (stands.get()) {
                throw new MeasurementException(name + " was to work while it stood still");
            }
            work.run();
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String description() {
            return name;
        }

        @Override
        public boolean isAvailable() {
            return true;
        }

        @Override
        public boolean takesPart(Scenario scenario) {
            return true;
        }

        @Override
        public Trial start(Scenario scenario, Path directory, Path log) {
            return this;
        }

        @Override
        public void resume() {
            stands.set(false);
        }

        @Override
        public void suspend() {
            stands.set(true);
            timesSuspended++;
        }

        @Override
        public boolean mayGoOn() {
            return true;
        }

        @Override
        public double warmUp(long nanos) {
            work();
            sleep(nanos);
            return 1;
        }

        @Override
        public void startCounting() {}

        @Override
        public Round round(long nanos) {
            work();
            return Round.silent();
        }

        @Override
        public void addUse(Map<Metric, Double> values) {}

        @Override
        public void close() {
            closed.set(true);
        }
    }

    private List<Result> run(Heat heat) throws IOException {
        return heat.run(1, directory);
    }

    private static Heat heat(Scenario scenario, Fake... contenders) {
        return new Heat(scenario, List.of(contenders), new Timing(0.01, 0.01, 0.01), Cores.anywhere());
    }

    /** As a warm-up is over when its time is. */
    private static void sleep(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            throw new MeasurementException("interrupted");
        }
    }

    private static void meet(CyclicBarrier others) {
        try {
            others.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new MeasurementException("the others do not work meanwhile: " + e);
        }
    }

    @Test
    void thoseThatAreToBeSilentAreSoAtOnceAndNobodyStandsStill() throws IOException {
        CyclicBarrier both = new CyclicBarrier(2);
        Fake one = new Fake("one", () -> meet(both));
        Fake other = new Fake("other", () -> meet(both));
        Heat heat = heat(SILENT, one, other);

        List<Result> results = run(heat);

        assertThat(heat.failures()).isEmpty();
        assertThat(results).extracting(Result::peer).containsExactly("one", "other");
        assertThat(one.timesSuspended).isZero();
        assertThat(one.closed).isTrue();
        assertThat(other.closed).isTrue();
    }

    @Test
    void whoFailsInSilenceIsOutAndTheOthersGoOn() throws IOException {
        Fake good = new Fake("good", () -> {});
        Fake bad = new Fake("bad", () -> {
            throw new MeasurementException("it broke");
        });
        Heat heat = heat(SILENT, bad, good);

        List<Result> results = run(heat);

        assertThat(heat.failures()).containsExactly("bad, idle silent: it broke");
        assertThat(results).extracting(Result::peer).containsExactly("good");
        assertThat(bad.closed).isTrue();
    }

    @Test
    void whoIsToWorkIsLetGoForItAndStandsStillOtherwise() throws IOException {
        Fake one = new Fake("one", () -> {});
        Fake other = new Fake("other", () -> {});
        Heat heat = heat(ONE_WAY, one, other);

        assertThat(run(heat)).hasSize(2);
        assertThat(heat.failures()).isEmpty();
        assertThat(one.timesSuspended).isPositive();
        assertThat(other.timesSuspended).isEqualTo(one.timesSuspended);
    }
}
