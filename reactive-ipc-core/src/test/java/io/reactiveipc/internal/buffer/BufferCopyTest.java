package io.reactiveipc.internal.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BufferCopyTest {
    private static final int CAPACITY = 32 * 1024;

    static Stream<Arguments> pairs() {
        return Buffers.writable().entrySet().stream().flatMap(from -> Buffers.writable().entrySet().stream()
                .map(to -> Arguments.of(from.getKey(), from.getValue(), to.getKey(), to.getValue())));
    }

    @ParameterizedTest(name = "{0} to {2}")
    @MethodSource("pairs")
    void itCopiesWhatItIsToldAndNothingElse(
            String fromName,
            IntFunction<MutableDirectBuffer> fromKind,
            String toName,
            IntFunction<MutableDirectBuffer> toKind) {
        byte[] content = new byte[CAPACITY];
        new Random(5).nextBytes(content);
        MutableDirectBuffer from = fromKind.apply(CAPACITY);
        from.putBytes(0, content);
        MutableDirectBuffer to = toKind.apply(CAPACITY);
        BufferCopy copy = new BufferCopy(from, to);
        assertThat(copy.isNative())
                .isEqualTo(isOutsideOfTheHeap(fromName) && isOutsideOfTheHeap(toName) && NativeCopy.isAvailable());

        for (int length : new int[] {0, 1, 31, 64, 2048, 16 * 1024 + 5}) {
            byte[] expected = new byte[CAPACITY];
            to.putBytes(0, expected);
            System.arraycopy(content, 7, expected, 40, length);

            copy.copy(7, 40, length);

            byte[] found = new byte[CAPACITY];
            to.getBytes(0, found);
            assertThat(Arrays.equals(found, expected)).as("%d bytes", length).isTrue();
        }
    }

    private static boolean isOutsideOfTheHeap(String kind) {
        return !kind.startsWith("WriteView") && (kind.contains("direct") || kind.contains("mapped"));
    }
}
