package io.reactiveipc.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.process.ChildJvm;
import io.reactiveipc.process.Children;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes that share a stream on which nothing happens leave the processors to others. */
@Timeout(120)
class IdleCostIT {
    private static final long REST_MILLIS = 2_000;
    private static final long MEASURED_MILLIS = 10_000;

    /** What spins does so each time; what a JVM still has to do for itself, and a machine with much to do adds, does not. */
    private static final int MEASUREMENTS = 3;

    /** What a thread that spins, or a timer that runs wild, exceeds by far; what is usual is printed. */
    private static final double ALLOWED_MILLIS_PER_SECOND = 50;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void silentStreamsCostNextToNothing() throws InterruptedException {
        List<ChildJvm> all = List.of(
                open("publisher, heartbeats every 500 ms", 500),
                open("subscriber, heartbeats every 500 ms", 500),
                open("publisher, no heartbeats", 0),
                open("subscriber, no heartbeats", 0));
        share(all.get(0), all.get(1), "with heartbeats");
        share(all.get(2), all.get(3), "without heartbeats");
        // Not to wait for anything, but because an interval is what is measured.
        TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
        double[] least = millisPerSecond(all);
        for (int more = 1; more < MEASUREMENTS && !isAllowed(least); more++) {
            double[] again = millisPerSecond(all);
            Arrays.setAll(least, i -> Math.min(least[i], again[i]));
        }

        for (int i = 0; i < all.size(); i++) {
            assertThat(least[i]).as(all.get(i).name()).isLessThan(ALLOWED_MILLIS_PER_SECOND);
        }
    }

    /** What each takes of the processors while nothing happens. */
    private static double[] millisPerSecond(List<ChildJvm> all) throws InterruptedException {
        long[] before = all.stream().mapToLong(IdleCostIT::nanos).toArray();
        long start = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(MEASURED_MILLIS);
        long[] after = all.stream().mapToLong(IdleCostIT::nanos).toArray();
        double seconds = (System.nanoTime() - start) / 1e9;

        double[] measured = new double[all.size()];
        Arrays.setAll(measured, i -> (after[i] - before[i]) / 1e6 / seconds);
        for (int i = 0; i < measured.length; i++) {
            System.out.printf(
                    "%s: %.1f ms of processor time a second%n", all.get(i).name(), measured[i]);
        }
        return measured;
    }

    private static boolean isAllowed(double[] millisPerSecond) {
        return Arrays.stream(millisPerSecond).allMatch(millis -> millis < ALLOWED_MILLIS_PER_SECOND);
    }

    private ChildJvm open(String name, long heartbeat) {
        return Children.open(children.launch(name), "heartbeat", heartbeat);
    }

    private static void share(ChildJvm publisher, ChildJvm subscriber, String stream) {
        publisher.ask("publish", "stream", stream);
        subscriber.ask("subscribe", "stream", stream);
        subscriber.ask("receive");
        publisher.ask("await", "subscribers", 1);
        publisher.ask("send", "count", 20_000); // compiles what there is to compile
        publisher.await("sent");
        subscriber.askUntil("receiver", line -> line.number("count") == 20_000);
    }

    private static long nanos(ChildJvm child) {
        return child.processorTime().toNanos();
    }
}
