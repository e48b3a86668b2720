package io.reactiveipc.benchmarks.jmh;

import io.reactiveipc.internal.buffer.ReadView;
import io.reactiveipc.internal.buffer.WriteView;
import io.reactiveipc.spi.Memory;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.AtomicBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A message written and read word by word, and from and to an array: through the views that codecs and mappers get, and through the bare buffer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
public class Views {
    @Param({"32", "256", "4096"})
    int length;

    private final AtomicBuffer buffer = Memory.wrap(ByteBuffer.allocateDirect(8192));
    private final byte[] array = new byte[8192];
    private final WriteView writes = new WriteView();
    private final ReadView reads = new ReadView();

    @Benchmark
    public void writeView() {
        writes.bind(buffer, 32, length);
        for (int i = 0; i < length; i += Long.BYTES) {
            writes.putLong(i, i);
        }
        writes.expire("");
    }

    @Benchmark
    public void writeBuffer() {
        for (int i = 0; i < length; i += Long.BYTES) {
            buffer.putLong(32 + i, i);
        }
    }

    @Benchmark
    public void writeArrayToView() {
        writes.bind(buffer, 32, length);
        writes.putBytes(0, array, 0, length);
        writes.expire("");
    }

    @Benchmark
    public void writeArrayToBuffer() {
        buffer.putBytes(32, array, 0, length);
    }

    @Benchmark
    public byte[] readArrayFromView() {
        reads.bind(buffer, 32, length);
        reads.getBytes(0, array, 0, length);
        reads.expire("");
        return array;
    }

    @Benchmark
    public byte[] readArrayFromBuffer() {
        buffer.getBytes(32, array, 0, length);
        return array;
    }

    @Benchmark
    public long readView() {
        reads.bind(buffer, 32, length);
        long sum = 0;
        for (int i = 0; i < length; i += Long.BYTES) {
            sum += reads.getLong(i);
        }
        reads.expire("");
        return sum;
    }

    @Benchmark
    public long readBuffer() {
        long sum = 0;
        for (int i = 0; i < length; i += Long.BYTES) {
            sum += buffer.getLong(32 + i);
        }
        return sum;
    }
}
