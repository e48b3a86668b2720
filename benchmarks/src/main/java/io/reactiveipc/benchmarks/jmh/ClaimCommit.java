package io.reactiveipc.benchmarks.jmh;

import io.reactiveipc.Claim;
import java.util.concurrent.TimeUnit;
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

/** Writing alone: nobody subscribes, so the ring is never full. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
public class ClaimCommit {
    private static final int RUN = 1024;

    /** Bytes of a message. */
    @Param({"32", "256"})
    public int length;

    private Node node;
    private byte[] message;

    @Setup
    public void open() {
        node = new Node(0);
        message = new byte[length];
    }

    @TearDown
    public void close() {
        node.close();
    }

    /** Eight bytes into a claim. */
    @Benchmark
    @OperationsPerInvocation(RUN)
    public void tryClaim() {
        for (int i = 0; i < RUN; i++) {
            try (Claim claim = node.publication().tryClaim(length)) {
                claim.buffer().putLong(0, i);
                claim.commit();
            }
        }
    }

    /** A whole message through its codec. */
    @Benchmark
    @OperationsPerInvocation(RUN)
    public void tryEmit() {
        for (int i = 0; i < RUN; i++) {
            if (node.publication().tryEmit(message).isFailure()) {
                throw new IllegalStateException("a ring without readers is full");
            }
        }
    }
}
