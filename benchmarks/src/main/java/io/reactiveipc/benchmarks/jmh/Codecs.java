package io.reactiveipc.benchmarks.jmh;

import io.reactiveipc.Codec;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The codecs that come with the library, into and out of a heap buffer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
public class Codecs {
    private final Codec<byte[]> bytes = Codec.bytes();
    private final Codec<String> utf8 = Codec.utf8();
    private final byte[] array = new byte[256];
    private final String text = "a line of plain text, as long as a line may be before somebody breaks it in two";
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
    private final UnsafeBuffer arrayEncoded = new UnsafeBuffer(new byte[1024]);
    private final UnsafeBuffer textEncoded = new UnsafeBuffer(new byte[1024]);
    private int textLength;

    @Setup
    public void encodeBoth() {
        bytes.encodedLength(array);
        bytes.encode(array, arrayEncoded);
        utf8.encodedLength(text);
        textLength = utf8.encode(text, textEncoded);
    }

    @Benchmark
    public int encodeBytes() {
        return bytes.encodedLength(array) + bytes.encode(array, buffer);
    }

    @Benchmark
    public byte[] decodeBytes() {
        return bytes.decode(arrayEncoded, array.length);
    }

    @Benchmark
    public int encodeUtf8() {
        return utf8.encodedLength(text) + utf8.encode(text, buffer);
    }

    @Benchmark
    public String decodeUtf8() {
        return utf8.decode(textEncoded, textLength);
    }
}
