package io.reactiveipc.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.spi.Memory;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class PayloadTest {
    private static final int OFFSET = 8;

    private final List<Long> heard = new ArrayList<>();
    private final MutableDirectBuffer buffer = Memory.wrap(new byte[OFFSET + (1 << 20)]);

    private Listener listener(int length) {
        return new Listener(length) {
            @Override
            protected void accept(long sequence, long time) {
                heard.add(sequence);
                heard.add(time);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 32, 40, 48, 56, 64, 72, 256, 512, 520, 1016, 1024, 4096, 4120, 4128, 65_536, 1_048_576})
    void whatIsWrittenIsAccepted(int length) {
        Payload payload = new Payload(length);
        for (long sequence : new long[] {0, 1, 7, 8, 1L << 48}) {
            payload.of(sequence, 42).writeTo(buffer, OFFSET);
            listener(length).onMessage(buffer, OFFSET, length);
            assertThat(heard).endsWith(sequence, 42L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 256, 1024, 8240})
    void aChangeOfAnyByteIsFound(int length) {
        new Payload(length).of(5, 42).writeTo(buffer, OFFSET);
        for (int i = 0; i < length; i++) {
            int index = OFFSET + i;
            byte was = buffer.getByte(index);
            buffer.putByte(index, (byte) (was ^ 0x10));
            assertThatThrownBy(() -> listener(length).onMessage(buffer, OFFSET, length))
                    .as("byte %d", i)
                    .isInstanceOf(BadDataException.class);
            buffer.putByte(index, was);
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void twoWordsThatHaveChangedPlacesAreFound() {
        new Payload(256).of(5).writeTo(buffer, 0);
        long a = buffer.getLong(64);
        buffer.putLong(64, buffer.getLong(72));
        buffer.putLong(72, a);

        assertThatThrownBy(() -> listener(256).onMessage(buffer, 0, 256)).isInstanceOf(BadDataException.class);
    }

    @Test
    void theBodyOfAnEarlierMessageIsFound() {
        Payload payload = new Payload(64);
        payload.of(1).writeTo(buffer, 0);
        long stale = buffer.getLong(Payload.BODY);
        payload.of(2).writeTo(buffer, 0);
        buffer.putLong(Payload.BODY, stale);

        assertThatThrownBy(() -> listener(64).onMessage(buffer, 0, 64))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("message 2");
    }

    @Test
    void aMessageOfAnotherLengthIsRefused() {
        new Payload(64).of(1).writeTo(buffer, 0);

        assertThatThrownBy(() -> listener(32).onMessage(buffer, 0, 64))
                .isInstanceOf(BadDataException.class)
                .hasMessage("a message of 64 bytes arrived, not 32");
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 32, 40, 56, 256})
    void aRecordIsVerifiedAsTheBytesAre(int length) {
        new Payload(length).of(9, 3).writeTo(buffer, 0);
        Sample sample = new Sample.Decoder().decode(buffer, length);
        listener(length).onSample(sample);
        assertThat(heard).containsExactly(9L, 3L);

        Sample bad = new Sample(8, sample.time(), sample.checksum(), sample.body());
        assertThatThrownBy(() -> listener(length).onSample(bad)).isInstanceOf(BadDataException.class);
    }

    @Test
    void aRunIsNumberedFromItsFirstMessage() {
        List<Long> numbers = new ArrayList<>();
        new Payload(32).run(10, 3).forEach(p -> numbers.add(p.sequence()));

        assertThat(numbers).containsExactly(10L, 11L, 12L);
    }

    @Test
    void aLengthThatIsNotInWordsIsRefusedWithTheNext() {
        assertThatThrownBy(() -> new Payload(33))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("33")
                .hasMessageContaining("take 40");
    }
}
