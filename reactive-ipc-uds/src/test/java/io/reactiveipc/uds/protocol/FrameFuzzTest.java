package io.reactiveipc.uds.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.reactiveipc.PeerInfo;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FrameFuzzTest {
    private static final int ROUNDS = 100_000;
    private static final PeerInfo PEER = new PeerInfo(new UUID(1, 2), "n", 3, Instant.EPOCH);
    private static final List<Frame> FRAMES = List.of(
            new Frame.Hello(1, 0, new UUID(3, 4), PEER),
            new Frame.Welcome(1, 0, PEER),
            new Frame.Refused(Refusal.UID, "no"),
            new Frame.Ready("prices"),
            new Frame.NotReady("prices", "paused"),
            new Frame.Synced(),
            new Frame.Heartbeat(1, 2, 0.5),
            new Frame.HeartbeatAck(1, 2, 0.5),
            new Frame.Wake(),
            new Frame.Goodbye("bye"),
            new Frame.Failure(FailureCode.LIMIT, "why"));

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private int frames;
    private int violations;

    @Test
    void brokenFramesAreFramesOrViolationsAndNothingElse() {
        SplittableRandom random = new SplittableRandom(20261121);
        for (int round = 0; round < ROUNDS; round++) {
            ByteBuf bytes = allocator.buffer();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                FrameEncoder.write(FRAMES.get(random.nextInt(FRAMES.size())), bytes);
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                bytes.setByte(random.nextInt(bytes.writerIndex()), random.nextInt(256));
            }
            if (random.nextInt(4) == 0) {
                bytes.writerIndex(random.nextInt(bytes.writerIndex() + 1));
            }
            feed(bytes, random);
        }
        assertThat(frames).isPositive();
        assertThat(violations).isPositive();
        assertNothingLeaked();
    }

    @Test
    void randomBytesAreFramesOrViolationsAndNothingElse() {
        SplittableRandom random = new SplittableRandom(42);
        byte[] noise = new byte[256];
        for (int round = 0; round < ROUNDS; round++) {
            random.nextBytes(noise);
            int length = random.nextInt(noise.length);
            // A plausible length and type, so that not all ends at the first four bytes.
            ByteBuf bytes = allocator
                    .buffer()
                    .writeIntLE(random.nextInt(1, 128))
                    .writeByte(random.nextInt(13))
                    .writeBytes(noise, 0, length);
            feed(bytes, random);
        }
        assertThat(frames).isPositive();
        assertThat(violations).isPositive();
        assertNothingLeaked();
    }

    private void feed(ByteBuf bytes, SplittableRandom random) {
        FrameDecoder decoder = new FrameDecoder();
        try {
            while (bytes.isReadable()) {
                decoder.feed(bytes.readSlice(random.nextInt(1, bytes.readableBytes() + 1)), frame -> frames++);
            }
        } catch (ProtocolViolation e) {
            violations++;
            assertThat(e).hasMessageMatching("(?s).{10,}");
        } finally {
            bytes.release();
        }
    }

    private void assertNothingLeaked() {
        assertThat(allocator.metric().usedHeapMemory()).isZero();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }
}
