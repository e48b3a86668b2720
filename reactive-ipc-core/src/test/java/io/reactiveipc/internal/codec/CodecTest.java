package io.reactiveipc.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.Codec;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.internal.buffer.ReadView;
import io.reactiveipc.internal.buffer.VarHandleBuffer;
import io.reactiveipc.internal.buffer.WriteView;
import io.reactiveipc.spi.Memory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.concurrent.AtomicBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The built-in codecs, on a ring's memory as this JVM accesses it and on the kind that needs no flag. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CodecTest {
    private static final int BASE = 40;

    record Quote(long id, String symbol, double price, List<Integer> sizes, Map<String, Side> sides) {}

    enum Side {
        BID,
        ASK
    }

    record Wider(long id, String added) {}

    record Narrow(long id) {}

    public static final class Unreadable {
        public String getText() {
            throw new IllegalStateException("no text today");
        }
    }

    static Stream<Arguments> memories() {
        return Stream.of(
                Arguments.of(Memory.mode(), Memory.wrap(ByteBuffer.allocateDirect(1 << 17))),
                Arguments.of("varhandle", new VarHandleBuffer(ByteBuffer.allocateDirect(1 << 17))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("memories")
    void bytesArriveAsTheyAre(String mode, AtomicBuffer memory) {
        Random random = new Random(1);
        for (int length : new int[] {0, 1, 7, 8, 255, 4096, 65_536}) {
            byte[] value = new byte[length];
            random.nextBytes(value);
            assertThat(roundTrip(Codec.bytes(), value, memory)).isEqualTo(value).isNotSameAs(value);
        }
        assertThat(Codec.bytes().typeId()).isEqualTo("bytes");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("memories")
    void stringsAreEncodedAsTheJdkDoes(String mode, AtomicBuffer memory) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            String value = randomString(random);
            byte[] expected = value.getBytes(StandardCharsets.UTF_8);
            assertThat(Codec.utf8().encodedLength(value)).isEqualTo(expected.length);
            String back = roundTrip(Codec.utf8(), value, memory);
            byte[] written = new byte[expected.length];
            memory.getBytes(BASE, written);
            assertThat(written).as("seed %d, string %d", seed, i).isEqualTo(expected);
            assertThat(back).isEqualTo(new String(expected, StandardCharsets.UTF_8));
        }
        assertThat(Codec.utf8().typeId()).isEqualTo("utf-8");
    }

    @Test
    void anUnpairedSurrogateBecomesAQuestionMark() {
        AtomicBuffer memory = Memory.wrap(ByteBuffer.allocateDirect(256));
        assertThat(roundTrip(Codec.utf8(), "a\uD83Db\uDE00", memory)).isEqualTo("a?b?");
        assertThat(roundTrip(Codec.utf8(), "a\uD83D\uDE00b", memory)).isEqualTo("a\uD83D\uDE00b");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("memories")
    void recordsArriveAsCbor(String mode, AtomicBuffer memory) {
        Quote quote = new Quote(
                Long.MIN_VALUE,
                "Köln\uD83D\uDE00",
                Math.PI,
                List.of(1, -2, 300_000),
                Map.of("x", Side.BID, "y", Side.ASK));
        assertThat(roundTrip(Codec.cbor(Quote.class), quote, memory))
                .isEqualTo(quote)
                .isNotSameAs(quote);
        assertThat(Codec.cbor(Quote.class).typeId()).isEqualTo("cbor/" + Quote.class.getName());
    }

    @Test
    void aPropertyTheReaderDoesNotKnowIsSkipped() {
        AtomicBuffer memory = Memory.wrap(ByteBuffer.allocateDirect(256));
        int length = write(Codec.cbor(Wider.class), new Wider(5, "later"), memory);
        assertThat(read(Codec.cbor(Narrow.class), memory, length)).isEqualTo(new Narrow(5));
    }

    @Test
    void encodingWithoutAskingForTheLengthFirstWorks() {
        AtomicBuffer memory = Memory.wrap(ByteBuffer.allocateDirect(256));
        for (int i = 0; i < 2; i++) {
            assertThat(Codec.utf8().encode("tide", memory)).isEqualTo(4);
            assertThat(Codec.utf8().decode(memory, 4)).isEqualTo("tide");
            int length = Codec.cbor(Narrow.class).encode(new Narrow(7), memory);
            assertThat(Codec.cbor(Narrow.class).decode(memory, length)).isEqualTo(new Narrow(7));
        }
    }

    @Test
    void workKeptForOneValueOrCodecIsNotTakenForAnother() {
        AtomicBuffer memory = Memory.wrap(ByteBuffer.allocateDirect(256));
        Codec<Narrow> cbor = Codec.cbor(Narrow.class);
        cbor.encodedLength(new Narrow(1));
        int length = cbor.encode(new Narrow(2), memory);
        assertThat(cbor.decode(memory, length)).isEqualTo(new Narrow(2));

        String text = "text";
        Codec<String> cborString = Codec.cbor(String.class);
        cborString.encodedLength(text);
        assertThat(Codec.utf8().encode(text, memory)).isEqualTo(4);
        assertThat(Codec.utf8().decode(memory, 4)).isEqualTo(text);
        Codec.utf8().encodedLength(text);
        assertThat(cborString.encode(text, memory)).isEqualTo(5);
    }

    @Test
    void aValueThatChangedAfterItWasEncodedIsNotWrittenFromTheOldBytes() {
        AtomicBuffer memory = Memory.wrap(ByteBuffer.allocateDirect(256));
        Codec<int[]> codec = Codec.cbor(int[].class);
        int[] value = {1, 2};
        write(codec, value, memory);
        value[1] = 3;
        assertThat(read(codec, memory, write(codec, value, memory))).containsExactly(1, 3);
        value[1] = 4;
        assertThat(read(codec, memory, codec.encode(value, view(memory, 64)))).containsExactly(1, 4);
    }

    @Test
    void aLengthThatIsNotThereIsOutOfBoundsBeforeAnythingIsAllocated() {
        ReadView view = new ReadView();
        view.bind(Memory.wrap(ByteBuffer.allocateDirect(64)), 0, 16);
        for (Codec<?> codec : List.of(Codec.bytes(), Codec.utf8(), Codec.cbor(Quote.class))) {
            for (int length : new int[] {-1, Integer.MIN_VALUE, 17, Integer.MAX_VALUE}) {
                assertThatThrownBy(() -> codec.decode(view, length)).isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
    }

    @Test
    void bytesThatAreNoCborAreACodecError() {
        Codec<Quote> codec = Codec.cbor(Quote.class);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            try {
                codec.decode(new VarHandleBuffer(ByteBuffer.wrap(noise)), noise.length);
            } catch (IpcException e) {
                assertThat(e.code()).as("seed %d", seed).isEqualTo(ErrorCode.CODEC);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(4_000);
        assertThatThrownBy(() -> codec.decode(new VarHandleBuffer(ByteBuffer.allocate(0)), 0))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("0 bytes")
                .hasMessageContaining(Quote.class.getName());
        byte[] nothing = {(byte) 0xF6};
        assertThatThrownBy(() -> codec.decode(new VarHandleBuffer(ByteBuffer.wrap(nothing)), 1))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("null");
    }

    @Test
    void bytesThatAreNoUtf8BecomeReplacementCharacters() {
        byte[] noise = {(byte) 0xFF, 'a', (byte) 0xE4};
        assertThat(Codec.utf8().decode(new VarHandleBuffer(ByteBuffer.wrap(noise)), 3))
                .isEqualTo("\uFFFDa\uFFFD");
    }

    @Test
    void aValueThatCannotBeWrittenIsACodecError() {
        assertThatThrownBy(() -> Codec.cbor(Unreadable.class).encodedLength(new Unreadable()))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CODEC))
                .hasMessageContaining(Unreadable.class.getName())
                .hasMessageContaining("no text today");
    }

    @Test
    void aLongClassNameGivesATypeIdThatIsShortEnoughAndItsOwn() {
        String common = "com.example." + "é".repeat(150);
        String one = CborCodec.typeId(common + "One");
        String two = CborCodec.typeId(common + "Two");
        assertThat(one).startsWith("cbor/com.example.é").isNotEqualTo(two).isEqualTo(CborCodec.typeId(common + "One"));
        assertThat(one.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(250, 255);
        String fits = "a".repeat(250);
        assertThat(CborCodec.typeId(fits)).isEqualTo("cbor/" + fits);
    }

    private static <T> T roundTrip(Codec<T> codec, T value, AtomicBuffer memory) {
        return read(codec, memory, write(codec, value, memory));
    }

    private static <T> int write(Codec<T> codec, T value, AtomicBuffer memory) {
        int claimed = codec.encodedLength(value);
        int written = codec.encode(value, view(memory, claimed));
        assertThat(written).isBetween(0, claimed);
        return written;
    }

    private static <T> T read(Codec<T> codec, AtomicBuffer memory, int length) {
        return codec.decode(view(memory, length), length);
    }

    private static WriteView view(AtomicBuffer memory, int length) {
        WriteView view = new WriteView();
        view.bind(memory, BASE, length);
        return view;
    }

    private static String randomString(Random random) {
        int kind = random.nextInt(4);
        char[] chars = new char[random.nextInt(40)];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = (char)
                    switch (kind) {
                        case 0 -> random.nextInt(0x80);
                        case 1 -> random.nextInt(0x100);
                        case 2 -> 0xD7F0 + random.nextInt(0x820);
                        default -> random.nextInt(0x10000);
                    };
        }
        return String.valueOf(Arrays.copyOf(chars, chars.length));
    }
}
