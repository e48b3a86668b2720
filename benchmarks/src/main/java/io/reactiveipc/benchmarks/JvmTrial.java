package io.reactiveipc.benchmarks;

import io.reactiveipc.benchmarks.peer.Peer;
import io.reactiveipc.benchmarks.report.Metric;
import io.reactiveipc.benchmarks.role.Assignment;
import io.reactiveipc.benchmarks.role.Assignment.Task;
import io.reactiveipc.benchmarks.role.Histograms;
import io.reactiveipc.benchmarks.role.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** A peer's JVMs in one scenario, told over their standard input what to do. */
final class JvmTrial implements Trial {
    private static final long PATIENCE_SECONDS = 60;
    private static final int FIRST_COUNT = 256;
    private static final int FASTEST_GROWTH = 4;
    private static final int WARM_UP_RATE = 5_000;

    private final Peer peer;
    private final Scenario scenario;
    private final List<ChildJvm> senders = new ArrayList<>();
    private final List<ChildJvm> receivers = new ArrayList<>();
    private final AtomicReference<String> failure = new AtomicReference<>();
    private @Nullable Leash leash;
    private long bytesLeft;

    /** What the warm-up may not use. */
    private long bytesKept;

    /** How many messages of a round each sender sends: the last round's, and how many a second it was. */
    private long count = FIRST_COUNT;

    private double countPerSecond;

    private long resumedAt;
    private Use use = new Use();

    private JvmTrial(Peer peer, Scenario scenario) {
        this.peer = peer;
        this.scenario = scenario;
        this.bytesLeft = peer.byteBudget();
        this.bytesKept = bytesLeft / 2;
    }

    /**
     * @param directory for the contender's files: empty, in memory
     * @param log where the processes' own output goes
     */
    static JvmTrial start(Peer peer, Scenario scenario, Path directory, Path log) throws IOException {
        JvmTrial trial = new JvmTrial(peer, scenario);
        try {
            trial.startProcesses(directory, log);
            return trial;
        } catch (IOException | RuntimeException e) {
            trial.close();
            throw e;
        }
    }

    private void startProcesses(Path directory, Path log) throws IOException {
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

    private Stream<ChildJvm> all() {
        return Stream.concat(receivers.stream(), senders.stream());
    }

    @Override
    public void resume() {
        leash().resume();
        resumedAt = System.nanoTime();
    }

    @Override
    public void suspend() {
        leash().suspend();
        use.nanos += System.nanoTime() - resumedAt;
    }

    private Leash leash() {
        if (leash == null) {
            leash = new Leash(all().map(ChildJvm::pid).toList());
        }
        return leash;
    }

    @Override
    public void close() {
        if (leash != null) {
            leash.close();
        }
        senders.forEach(ChildJvm::close);
        receivers.forEach(ChildJvm::close);
        all().forEach(ChildJvm::awaitEnd);
    }

    // ---- work -------------------------------------------------------------------------------------------------------

    @Override
    public boolean mayGoOn() {
        return 2 * count * scenario.length() * scenario.senders() <= bytesLeft - bytesKept;
    }

    @Override
    public double warmUp(long nanos) {
        return switch (scenario.pattern()) {
            case RTT, STREAMS -> call(nanos).getMean();
            case PACED -> {
                pace(nanos / 2, Math.max(scenario.rate(), WARM_UP_RATE));
                yield pace(nanos / 2, scenario.rate()).getMean();
            }
            case IDLE -> {
                pace(Math.min(nanos, TimeUnit.SECONDS.toNanos(2)), 1_000);
                Usage.sum(all().map(ChildJvm::usage)); // reading it costs some too, most of all the first time
                sleep(nanos);
                yield Double.NaN;
            }
            case THROUGHPUT, FANOUT, FANIN -> send(nanos);
        };
    }

    @Override
    public Round round(long nanos) {
        return switch (scenario.pattern()) {
            case RTT, STREAMS -> trips(call(nanos));
            case PACED -> trips(pace(nanos, scenario.rate()));
            case IDLE -> {
                sleep(nanos);
                yield Round.silent();
            }
            case THROUGHPUT, FANOUT, FANIN -> {
                double rate = send(nanos);
                use.messages += count * scenario.senders();
                yield Round.oneWay(rate);
            }
        };
    }

    private Round trips(Histogram trips) {
        use.messages += trips.getTotalCount();
        return Round.ofTrips(trips);
    }

    private Histogram call(long nanos) {
        senders.get(0).tell("call " + nanos);
        return Histograms.decode(
                senders.get(0).await("called", PATIENCE_SECONDS + TimeUnit.NANOSECONDS.toSeconds(nanos))[1]);
    }

    private Histogram pace(long nanos, int rate) {
        senders.get(0).tell("pace " + nanos + " " + rate);
        String[] words = senders.get(0).await("paced", PATIENCE_SECONDS + TimeUnit.NANOSECONDS.toSeconds(nanos));
        use.lateness.add(Histograms.decode(words[2]));
        return Histograms.decode(words[1]);
    }

    /**
     * Has each sender send as many messages as the last rate promises for that time.
     *
     * @return how many messages a second were delivered, summed over the receivers
     */
    private double send(long nanos) {
        count = Math.max(FIRST_COUNT, Math.min(FASTEST_GROWTH * count, (long) (countPerSecond * nanos / 1e9)));
        bytesLeft -= count * scenario.length() * scenario.senders();
        long perReceiver = count * (peer.isShared() ? scenario.senders() : 1);
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
        countPerSecond = count * 1e9 / Math.max(1, end - start);
        return countPerSecond * scenario.senders() * scenario.receivers();
    }

    // ---- what it costs ----------------------------------------------------------------------------------------------

    /** What is used from some moment on. */
    private static final class Use {
        private Usage senders = Usage.NONE;
        private Usage receivers = Usage.NONE;

        /** Messages sent, or round trips. */
        private long messages;

        /** How long the processes were not suspended. */
        private long nanos;

        /** By how much the timer woke the sender too late. */
        private final Histogram lateness = Histograms.create();
    }

    @Override
    public void startCounting() {
        bytesKept = 0;
        use = new Use();
        use.senders = Usage.sum(senders.stream().map(ChildJvm::usage));
        use.receivers = Usage.sum(receivers.stream().map(ChildJvm::usage));
        resumedAt = System.nanoTime();
    }

    @Override
    public void addUse(Map<Metric, Double> values) {
        double seconds = (use.nanos + System.nanoTime() - resumedAt) / 1e9;
        Usage sent = Usage.sum(senders.stream().map(ChildJvm::usage)).minus(use.senders);
        Usage received = Usage.sum(receivers.stream().map(ChildJvm::usage)).minus(use.receivers);
        values.put(Metric.SENDER_CPU, sent.cpuNanos() / 1e6 / seconds);
        values.put(Metric.RECEIVER_CPU, received.cpuNanos() / 1e6 / seconds);
        values.put(Metric.COLLECTIONS, (double) sent.collections() + received.collections());
        if (use.messages > 0) {
            double allocated = (double) sent.allocatedBytes() + received.allocatedBytes();
            values.put(Metric.ALLOCATED_PER_MESSAGE, allocated / use.messages);
            values.put(Metric.SENDER_CPU_NANOS_PER_MESSAGE, (double) sent.cpuNanos() / use.messages);
        }
        if (use.lateness.getTotalCount() > 0) {
            values.put(Metric.LATENESS_P50, (double) use.lateness.getValueAtPercentile(50));
        }
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
