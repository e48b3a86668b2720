package io.reactiveipc.benchmarks.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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

/**
 * What a message costs its publisher with more and more subscribers: a burst that fits into the ring, timed without the
 * wait for its readers.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
public class Subscribers {
    private static final int RUN = 8 * 1024;

    /** How many. */
    @Param({"0", "1", "3", "10"})
    public int subscribers;

    private final byte[] message = new byte[256];
    private Node node;

    @Setup
    public void open() {
        node = new Node(subscribers);
    }

    /** Waits for the readers, outside of what is timed. */
    @Setup(Level.Invocation)
    public void drain() {
        node.publication().drained().block();
    }

    @TearDown
    public void close() {
        node.close();
    }

    @Benchmark
    @OperationsPerInvocation(RUN)
    public void tryEmit() {
        for (int i = 0; i < RUN; i++) {
            if (node.publication().tryEmit(message).isFailure()) {
                throw new IllegalStateException("the burst does not fit into the ring");
            }
        }
    }
}
