package io.reactiveipc.uds.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class FrameDecoderTest {
    private final FrameDecoder decoder = new FrameDecoder();
    private final List<Frame> frames = new ArrayList<>();

    private void feed(String hex) throws ProtocolViolation {
        decoder.feed(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)), frames::add);
    }

    @Test
    void framesMayArriveByteByByteOrManyAtOnce() throws ProtocolViolation {
        ByteBuf bytes = Unpooled.buffer();
        List<Frame> sent = new ArrayList<>();
        for (int i = 1; i <= 50; i++) {
            sent.add(new Frame.NotReady("s".repeat(i), "r".repeat(20 * i)));
            FrameEncoder.write(sent.get(i - 1), bytes);
        }
        decoder.feed(bytes.slice(), frames::add);
        while (bytes.isReadable()) {
            decoder.feed(bytes.readSlice(1), frames::add);
        }
        assertThat(frames.subList(0, 50)).isEqualTo(sent);
        assertThat(frames.subList(50, 100)).isEqualTo(sent);
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource({
        "00000000, LENGTH, ': 0'",
        "ffffffff, LENGTH, ': -1'",
        "fdff0000, LENGTH, ': 65533'",
        "ffffff7f, LENGTH, ': 2147483647'",
        "0200000003ff, MALFORMED, 'ends before'",
        "0100000004, MALFORMED, 'ends before'",
        "03000000040000, MALFORMED, 'stream name of 0 bytes'",
        "03000000040001, MALFORMED, 'stream name of 256 bytes'",
        "05000000040300ffff, MALFORMED, 'a text of 3 bytes'",
        "05000000040200c328, MALFORMED, 'no UTF-8'",
        "06000000040300eda080, MALFORMED, 'no UTF-8'",
        "0500000007000000ff, MALFORMED, 'ends before'",
        "1900000007ffffffffffffffff0010000000000000000000000000d03f, MALFORMED, 'negative sequence'",
        "190000000707000000000000000000000000000080000000000000d03f, MALFORMED, 'negative lag'",
        "19000000070700000000000000001000000000000000000000000000c0, MALFORMED, 'ring fill outside 0 to 1: -2.0'",
        "1900000007070000000000000000100000000000000000000000000040, MALFORMED, 'ring fill outside 0 to 1: 2.0'",
        "190000000707000000000000000010000000000000000000000000f87f, MALFORMED, 'ring fill outside 0 to 1: NaN'",
        "09000000010000000001000000, MALFORMED, 'not with RIPC'",
    })
    void whatIsNoFrameIsRefused(String hex, FailureCode code, String what) {
        assertThatThrownBy(() -> feed(hex))
                .hasMessageContaining(what)
                .asInstanceOf(type(ProtocolViolation.class))
                .satisfies(violation -> assertThat(violation.code()).isEqualTo(code));
        assertThat(frames).isEmpty();
    }

    @Test
    void aFrameOf64KibIsRead() throws ProtocolViolation {
        ByteBuf bytes = Unpooled.buffer().writeIntLE(65_532).writeByte(200).writeZero(65_531);
        decoder.feed(bytes, frames::add);
        assertThat(frames).containsExactly(new Frame.Unknown(200));
    }

    @Test
    void unknownTypesAndAppendedFieldsOfLaterVersionsAreNoError() throws ProtocolViolation {
        feed("03000000c8abcd" + "0400000009abcdef" + "0b000000" + "04" + "0600" + "707269636573" + "abcd");
        assertThat(frames).containsExactly(new Frame.Unknown(200), new Frame.Wake(), new Frame.Ready("prices"));
    }

    @Test
    void ofAnotherMajorVersionOnlyTheVersionIsRead() throws ProtocolViolation {
        feed("0a000000" + "01" + "52495043" + "0200" + "0700" + "ff");
        assertThat(frames).containsExactly(new Frame.OtherMajor(2, 7));
    }

    @Test
    void tooLongExplanationsAreCutBetweenCharacters() throws ProtocolViolation {
        ByteBuf bytes = Unpooled.buffer();
        FrameEncoder.write(new Frame.Goodbye("€".repeat(400)), bytes);
        decoder.feed(bytes, frames::add);
        assertThat(frames).containsExactly(new Frame.Goodbye("€".repeat(341)));
    }

    @Test
    void aTooLongStreamNameIsNotSent() {
        assertThatThrownBy(() -> FrameEncoder.write(new Frame.Ready("€".repeat(86)), Unpooled.buffer()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it is 258");
    }
}
