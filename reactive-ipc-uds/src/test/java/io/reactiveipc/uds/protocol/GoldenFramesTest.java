package io.reactiveipc.uds.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.reactiveipc.PeerInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The frames as literal bytes, the same ones as in the specification: who changes one breaks running peers. */
@Timeout(30)
class GoldenFramesTest {
    private static final UUID A = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    private static final UUID B = UUID.fromString("ffeeddcc-bbaa-9988-7766-554433221100");
    private static final PeerInfo FROM = new PeerInfo(A, "näme", 4711, Instant.ofEpochSecond(1_700_000_000L, 123));

    private static Map<Frame, String> golden() {
        Map<Frame, String> frames = new LinkedHashMap<>();
        frames.put(
                new Frame.Hello(1, 0, B, FROM),
                "44000000015249504301000000"
                        + "8899aabbccddeeff0011223344556677"
                        + "7766554433221100ffeeddccbbaa9988"
                        + "6712000000000000" + "00f1536500000000" + "7b000000" + "05006ec3a46d65");
        frames.put(
                new Frame.Welcome(1, 0, FROM),
                "34000000025249504301000000"
                        + "7766554433221100ffeeddccbbaa9988"
                        + "6712000000000000" + "00f1536500000000" + "7b000000" + "05006ec3a46d65");
        frames.put(new Frame.Refused(Refusal.FULL, "full"), "08000000030404006675" + "6c6c");
        frames.put(new Frame.Ready("prices"), "09000000040600707269636573");
        frames.put(new Frame.NotReady("prices", "paused"), "11000000050600707269636573" + "0600706175736564");
        frames.put(new Frame.Synced(), "0100000006");
        frames.put(
                new Frame.Heartbeat(7, 4096, 0.25),
                "19000000070700000000000000" + "0010000000000000" + "000000000000d03f");
        frames.put(
                new Frame.HeartbeatAck(7, 4096, 0.25),
                "19000000080700000000000000" + "0010000000000000" + "000000000000d03f");
        frames.put(new Frame.Wake(), "0100000009");
        frames.put(new Frame.Goodbye("closed"), "090000000a0600636c6f736564");
        frames.put(new Frame.Failure(FailureCode.FLOOD, "slow"), "080000000b030400736c6f77");
        return frames;
    }

    @Test
    void framesAreEncodedToTheBytesOfVersionOne() {
        golden().forEach((frame, hex) -> assertThat(hex(frame)).as("%s", frame).isEqualTo(hex));
    }

    @Test
    void theBytesOfVersionOneAreDecodedToFrames() throws ProtocolViolation {
        List<Frame> decoded = new ArrayList<>();
        FrameDecoder decoder = new FrameDecoder();
        for (String hex : golden().values()) {
            decoder.feed(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)), decoded::add);
        }
        assertThat(decoded).containsExactlyElementsOf(golden().keySet());
    }

    @Test
    void theSpecificationShowsTheSameBytes() throws Exception {
        String specification = Files.readString(Path.of("..", "docs", "spec", "control-protocol.md"));
        golden().forEach((frame, hex) ->
                assertThat(specification).as("%s", frame).contains("`" + hex + "`"));
    }

    private static String hex(Frame frame) {
        ByteBuf out = Unpooled.buffer();
        FrameEncoder.write(frame, out);
        return ByteBufUtil.hexDump(out);
    }
}
