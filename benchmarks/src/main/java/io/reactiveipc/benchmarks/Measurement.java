package io.reactiveipc.benchmarks;

import io.reactiveipc.benchmarks.peer.Peer;
import io.reactiveipc.benchmarks.report.Medians;
import io.reactiveipc.benchmarks.report.Metric;
import io.reactiveipc.benchmarks.report.Result;
import io.reactiveipc.benchmarks.role.Assignment;
import io.reactiveipc.benchmarks.role.Assignment.Task;
import io.reactiveipc.benchmarks.role.Histograms;
import io.reactiveipc.benchmarks.role.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** One contender in one scenario: starts the processes, warms up until the figures hold still, measures. */
final class Measurement {
    private static final long PATIENCE_SECONDS = 60;
    private static final double STEADY = 0.05;
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
    private static final int FIRST_COUNT = 256;

    private final Peer peer;
    private final Scenario scenario;
    private final Timing timing;
    private final Cores cores;
    private final List<ChildJvm> senders = new ArrayList<>();
    private final List<ChildJvm> receivers = new ArrayList<>();
    private final Map<Metric, Double> values = new EnumMap<>(Metric.class);
    private final AtomicReference<String> failure = new AtomicReference<>();
    private long bytesLeft;

    private Measurement(Peer peer, Scenario scenario, Timing timing, Cores cores) {
        this.peer = peer;
        this.scenario = scenario;
        this.timing = timing;
        this.cores = cores;
        this.bytesLeft = peer.byteBudget();
    }

    /**
     * @param directory for the contender's files: empty, in memory
     * @param log where the processes' own output goes
     * @throws MeasurementException if a process fails or finds wrong data
     */
    static Result run(Peer peer, Scenario scenario, Timing timing, Cores cores, int repeat, Path directory, Path log)
            throws IOException {
        Measurement measurement = new Measurement(peer, scenario, timing, cores);
        try {
            measurement.start(directory, log);
            Histogram trips = measurement.measure();
            return new Result(
                    scenario.pattern().label(),
                    scenario.label(),
                    scenario.length(),
                    peer.name(),
                    repeat,
                    measurement.values,
                    trips);
        } finally {
            measurement.stop();
        }
    }

    private void start(Path directory, Path log) throws IOException {
        Pattern pattern = scenario.pattern();
        int processes = scenario.receiverProcesses();
        boolean shared = peer.isShared();
        for (int i = 0; i < processes; i++) {
            int here = scenario.receivers() * (i + 1) / processes - scenario.receivers() * i / processes;
            int firstLink = shared ? 0 : scenario.receivers() * i / processes;
            int links = shared ? 1 : here * scenario.senders();
            receivers.add(child(
                    pattern.isDuplex() ? Task.ANSWER : Task.RECEIVE,
                    firstLink,
                    links,
                    0,
                    shared ? here : 1,
                    directory,
                    log));
        }
        for (int i = 0; i < scenario.senders(); i++) {
            Task task =
                    switch (pattern) {
                        case RTT, STREAMS -> Task.CALL;
                        case PACED, IDLE -> Task.PACE;
                        case THROUGHPUT, FANOUT, FANIN -> Task.SEND;
                    };
            senders.add(child(task, shared ? 0 : i, shared ? 1 : scenario.receivers(), i, 0, directory, log));
        }
        all().forEach(child -> child.await("ready", PATIENCE_SECONDS));
    }

    private ChildJvm child(Task task, int firstLink, int links, int source, int here, Path directory, Path log)
            throws IOException {
        return new ChildJvm(
                peer,
                new Assignment(
                        peer.name(),
                        task,
                        directory,
                        firstLink,
                        links,
                        source,
                        scenario.senders(),
                        scenario.receivers(),
                        here,
                        scenario.length(),
                        scenario.pattern().waiting(),
                        scenario.silentStreams()),
                log,
                failure);
    }

    private List<ChildJvm> all() {
        List<ChildJvm> all = new ArrayList<>(receivers);
        all.addAll(senders);
        return all;
    }

    private void stop() {
        senders.forEach(ChildJvm::close);
        receivers.forEach(ChildJvm::close);
        all().forEach(ChildJvm::awaitEnd);
    }

    private boolean areCoresAsUsual() {
        return cores.areUsual(all().stream().map(ChildJvm::pid).toList());
    }

    private @Nullable Histogram measure() {
        return switch (scenario.pattern()) {
            case RTT, STREAMS -> roundTrips();
            case PACED -> paced();
            case IDLE -> idle();
            case THROUGHPUT, FANOUT, FANIN -> oneWay();
        };
    }

    // ---- round trips ------------------------------------------------------------------------------------------------

    private Histogram roundTrips() {
        long end = System.nanoTime() + nanos(timing.maxWarmUp());
        long atLeast = System.nanoTime() + nanos(timing.minWarmUp());
        double before = 0;
        boolean steady = false;
        while (System.nanoTime() < atLeast || (!steady && System.nanoTime() < end)) {
            double now = call(SLICE_NANOS).getMean();
            steady = Math.abs(now - before) <= STEADY * now;
            before = now;
        }
        Window window = new Window();
        Rounds<Histogram> rounds = Rounds.run(
                this::areCoresAsUsual,
                nanos(timing.seconds()),
                () -> true,
                () -> call(Math.min(SLICE_NANOS, nanos(timing.seconds()))));
        window.close(Histograms.sum(rounds.all()).getTotalCount());
        Histogram trips = Histograms.sum(rounds.counted());
        Metric.addPercentiles(trips, values);
        values.put(Metric.LEFT_OUT, rounds.percentLeftOut());
        return trips;
    }

    private Histogram call(long nanos) {
        senders.get(0).tell("call " + nanos);
        return Histograms.decode(
                senders.get(0).await("called", PATIENCE_SECONDS + TimeUnit.NANOSECONDS.toSeconds(nanos))[1]);
    }

    private Histogram paced() {
        pace(nanos(timing.minWarmUp()), Math.max(scenario.rate(), 5_000));
        pace(nanos(timing.minWarmUp()) / 2, scenario.rate());
        Window window = new Window();
        Histogram[] found = pace(nanos(timing.seconds()), scenario.rate());
        window.close(found[0].getTotalCount());
        Metric.addPercentiles(found[0], values);
        values.put(Metric.LATENESS_P50, (double) found[1].getValueAtPercentile(50));
        return found[0];
    }

    private Histogram[] pace(long nanos, int rate) {
        senders.get(0).tell("pace " + nanos + " " + rate);
        String[] words = senders.get(0).await("paced", PATIENCE_SECONDS + TimeUnit.NANOSECONDS.toSeconds(nanos));
        return new Histogram[] {Histograms.decode(words[1]), Histograms.decode(words[2])};
    }

    private @Nullable Histogram idle() {
        pace(nanos(timing.minWarmUp()), 1_000);
        new Window(); // reading the time costs some too, most of all the first time
        sleep(nanos(timing.maxWarmUp()));
        Window window = new Window();
        sleep(nanos(timing.seconds()));
        window.close(0);
        return null;
    }

    // ---- one way ----------------------------------------------------------------------------------------------------

    private @Nullable Histogram oneWay() {
        int count = FIRST_COUNT;
        double before = 0;
        boolean steady = false;
        long end = System.nanoTime() + nanos(timing.maxWarmUp());
        long atLeast = System.nanoTime() + nanos(timing.minWarmUp());
        while ((System.nanoTime() < atLeast || (!steady && System.nanoTime() < end)) && isAffordable(2L * count)) {
            double rate = round(count);
            steady = Math.abs(rate - before) <= STEADY * rate;
            before = rate;
            count = (int) Math.max(count, Math.min(4.0 * count, rate * SLICE_NANOS / 1e9));
        }
        int length = count;
        Window window = new Window();
        Rounds<Double> rounds = Rounds.run(
                this::areCoresAsUsual, nanos(timing.seconds()), () -> isAffordable(length), () -> round(length));
        window.close((double) rounds.all().size() * length * scenario.senders());
        double rate = Medians.of(rounds.counted());
        if (!rounds.leftOut().isEmpty()) {
            values.put(Metric.MESSAGES_PER_SECOND_LEFT_OUT, Medians.of(rounds.leftOut()));
        }
        values.put(Metric.LEFT_OUT, rounds.percentLeftOut());
        values.put(Metric.MESSAGES_PER_SECOND, rate);
        values.put(Metric.BYTES_PER_SECOND, rate * scenario.length());
        return null;
    }

    private boolean isAffordable(long count) {
        return count * scenario.length() * scenario.senders() <= bytesLeft;
    }

    /** Has each sender send that many; returns how many messages a second were delivered, summed over the receivers. */
    private double round(int count) {
        bytesLeft -= (long) count * scenario.length() * scenario.senders();
        long perReceiver = (long) count * (peer.isShared() ? scenario.senders() : 1);
        receivers.forEach(r -> r.tell("expect " + perReceiver));
        receivers.forEach(r -> r.await("expecting", PATIENCE_SECONDS));
        senders.forEach(s -> s.tell("send " + count));
        long start = senders.stream()
                .mapToLong(s -> Long.parseLong(s.await("sent", PATIENCE_SECONDS)[1]))
                .min()
                .orElseThrow();
        long end = receivers.stream()
                .mapToLong(r -> Long.parseLong(r.await("received", PATIENCE_SECONDS)[1]))
                .max()
                .orElseThrow();
        return (double) count * scenario.senders() * scenario.receivers() * 1e9 / Math.max(1, end - start);
    }

    // ---- what it costs ----------------------------------------------------------------------------------------------

    /** What the processes use from now until it is closed. */
    private final class Window {
        private final List<Usage> senderStart =
                senders.stream().map(ChildJvm::usage).toList();
        private final List<Usage> receiverStart =
                receivers.stream().map(ChildJvm::usage).toList();
        private final long start = System.nanoTime();

        void close(double messages) {
            double seconds = (System.nanoTime() - start) / 1e9;
            Usage sent = used(senders, senderStart);
            Usage received = used(receivers, receiverStart);
            values.put(Metric.SENDER_CPU, sent.cpuNanos() / 1e6 / seconds);
            values.put(Metric.RECEIVER_CPU, received.cpuNanos() / 1e6 / seconds);
            values.put(Metric.COLLECTIONS, (double) sent.collections() + received.collections());
            if (messages > 0) {
                values.put(
                        Metric.ALLOCATED_PER_MESSAGE, (sent.allocatedBytes() + received.allocatedBytes()) / messages);
                values.put(Metric.SENDER_CPU_NANOS_PER_MESSAGE, sent.cpuNanos() / messages);
            }
        }

        private Usage used(List<ChildJvm> children, List<Usage> before) {
            Usage sum = new Usage(0, 0, 0, 0);
            for (int i = 0; i < children.size(); i++) {
                sum = sum.plus(children.get(i).usage().minus(before.get(i)));
            }
            return sum;
        }
    }

    private static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }

    private static void sleep(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MeasurementException("interrupted");
        }
    }
}
