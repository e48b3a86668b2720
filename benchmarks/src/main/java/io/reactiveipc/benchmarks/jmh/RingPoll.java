package io.reactiveipc.benchmarks.jmh;

import io.reactiveipc.IpcException;
import io.reactiveipc.spi.DataPlane;
import io.reactiveipc.spi.DataPlaneProvider;
import io.reactiveipc.spi.NodeOptions;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.RingProducer;
import io.reactiveipc.spi.Session;
import io.reactiveipc.spi.SessionWatch;
import io.reactiveipc.spi.StreamDefinition;
import io.reactiveipc.spi.WaitStrategy;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.IoUtil;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The bare ring, without Flux and without a second thread: reading what is there, looking where nothing is, writing. */
@State(Scope.Benchmark) // or the messages would be written into a ring of their own
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
public class RingPoll {
    private static final int RUN = 16 * 1024;
    private static final int LENGTH = 32;

    private Path directory;
    private DataPlane plane;
    private RingProducer producer;
    private SessionWatch watch;
    private RingConsumer consumer;

    @Setup
    public void open() throws Exception {
        directory = Node.newDirectory();
        StreamDefinition stream = StreamDefinition.of("poll", "bytes");
        plane = ServiceLoader.load(DataPlaneProvider.class)
                .findFirst()
                .orElseThrow()
                .open(new NodeOptions("jmh", directory, WaitStrategy.adaptive(), false));
        producer = plane.publish(stream);
        CompletableFuture<Session> found = new CompletableFuture<>();
        watch = plane.watch(stream, new SessionWatch.Listener() {
            @Override
            public void onSession(Session session) {
                found.complete(session);
            }

            @Override
            public void onRefused(IpcException reason) {
                found.completeExceptionally(reason);
            }
        });
        consumer = found.get(10, TimeUnit.SECONDS).join(true, (consumer, first, last) -> {});
    }

    @TearDown
    public void close() {
        consumer.close();
        watch.close();
        producer.close();
        plane.close();
        IoUtil.delete(directory.toFile(), true);
    }

    /** Messages to read, and an empty ring behind them. */
    @State(Scope.Thread)
    public static class Filled {
        @Setup(Level.Invocation)
        public void fill(RingPoll ring) {
            ring.write();
        }
    }

    private void write() {
        producer.beginBatch();
        for (int i = 0; i < RUN; i++) {
            int index = producer.tryClaim(LENGTH);
            if (index == RingProducer.FULL) {
                throw new IllegalStateException("the ring is full after " + i + " messages");
            }
            producer.buffer().putLong(index, i);
            producer.commit(LENGTH);
        }
        producer.endBatch();
    }

    private long read() {
        long sum = 0;
        for (int i = 0; i < RUN; i++) {
            sum += consumer.buffer().getLong(consumer.poll());
            consumer.advance();
        }
        consumer.release(consumer.position());
        return sum;
    }

    /** Claims and commits a batch, then reads it: one message of each. */
    @Benchmark
    @OperationsPerInvocation(RUN)
    public long writeAndRead() {
        write();
        return read();
    }

    /** Reads what was written before. */
    @Benchmark
    @OperationsPerInvocation(RUN)
    public long poll(Filled filled) {
        return read();
    }

    /** Finds nothing: what a spinning loop does per turn. */
    @Benchmark
    public int pollEmpty() {
        return consumer.poll();
    }
}
