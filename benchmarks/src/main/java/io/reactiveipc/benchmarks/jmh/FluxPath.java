package io.reactiveipc.benchmarks.jmh;

import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** From {@code send} through the ring to an operator and its consumer, in one process: with and without fusion. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
public class FluxPath {
    private static final int RUN = 64 * 1024;

    /** None: nobody reads. Direct: consumed on the poll loop. Fused: publishOn polls the ring. Unfused: hide() forbids that. */
    public enum Path {
        NONE,
        DIRECT,
        FUSED,
        UNFUSED
    }

    /** How messages get to the consumer. */
    @Param
    public Path path;

    private final byte[] message = new byte[32];
    private final Flux<byte[]> source = Flux.fromIterable(Collections.nCopies(RUN, message));
    private final AtomicLong received = new AtomicLong();
    private final Scheduler scheduler = Schedulers.newSingle("consumer", true);
    private Node node;
    private long sent;

    @Setup
    public void open() {
        node = new Node(0);
        if (path == Path.NONE) {
            return;
        }
        node.subscribe(
                messages -> switch (path) {
                    case NONE, DIRECT -> messages;
                    case FUSED -> messages.publishOn(scheduler);
                    case UNFUSED -> messages.hide().publishOn(scheduler);
                },
                seen -> received.lazySet(received.getPlain() + 1));
    }

    @TearDown
    public void close() {
        node.close();
        scheduler.dispose();
    }

    @Benchmark
    @OperationsPerInvocation(RUN)
    public void send() {
        node.publication().send(source).block();
        sent += RUN;
        while (path != Path.NONE && received.get() < sent) {
            Thread.onSpinWait();
        }
    }
}
