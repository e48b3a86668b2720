package io.reactiveipc.uds.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Whatever bytes of a connection, in whatever pieces: frames or a violation; and each frame is what its own encoding says. */
class ControlFrameFuzz {
    @FuzzTest
    void areFramesOrAViolation(byte[] bytes) {
        int piece = bytes.length == 0 ? 1 : 1 + (bytes[0] & 0xFF);
        List<Frame> frames = new ArrayList<>();
        FrameDecoder decoder = new FrameDecoder();
        try {
            for (int at = 1; at < bytes.length; at += piece) {
                decoder.feed(Unpooled.wrappedBuffer(bytes, at, Math.min(piece, bytes.length - at)), frames::add);
            }
        } catch (ProtocolViolation e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        frames.stream()
                .filter(frame ->
                        !(frame instanceof Frame.Unknown || frame instanceof Frame.OtherMajor)) // of later versions
                .forEach(ControlFrameFuzz::assertEncodes);
    }

    /** What is read is what was written; but senders cut texts that are too long, and receivers take them all the same. */
    private static void assertEncodes(Frame frame) {
        Frame cut = encodedAndRead(frame);
        assertThat(encodedAndRead(cut)).isEqualTo(cut);
        assertThat(cut).hasSameClassAs(frame);
    }

    private static Frame encodedAndRead(Frame frame) {
        ByteBuf encoded = Unpooled.buffer();
        FrameEncoder.write(frame, encoded);
        List<Frame> again = new ArrayList<>();
        try {
            new FrameDecoder().feed(encoded, again::add);
        } catch (ProtocolViolation e) {
            throw new AssertionError(frame + " is not read back", e);
        }
        assertThat(again).hasSize(1);
        return again.get(0);
    }
}
