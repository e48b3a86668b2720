package io.reactiveipc.shm.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.Overflow;
import io.reactiveipc.fuzz.FuzzInput;
import io.reactiveipc.shm.layout.RingLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;

/** The start of whatever file: a header that holds together, or a reason why it is none, before anything is mapped. */
class RingHeaderFuzz {
    private static final Path PATH = Path.of("topics/prices/0.ring");
    private static final RingHeader SOUND = new RingHeader(
            "prices",
            "test/1",
            1,
            2,
            3,
            new UUID(4, 5),
            6,
            new UUID(7, 8),
            65_536,
            8_192,
            64,
            true,
            32,
            Overflow.Kind.WAIT,
            1);

    @FuzzTest
    void isParsedOrRefused(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        int how = input.u8();
        ByteBuffer page = (how & 1) == 0 ? arbitrary(input) : patched(input);
        long length = (how & 2) == 0 ? SOUND.fileLength() : input.i64();
        if ((how & 4) != 0 && page.limit() == RingLayout.HEADER_LENGTH) {
            seal(page);
        }
        try {
            RingHeader header = RingHeader.parse(page, length, PATH);
            assertThat(header.fileLength()).isEqualTo(length);
            assertThat(RingHeader.parse(header.write(), length, PATH)).isEqualTo(header);
        } catch (IpcException e) {
            assertThat(e.code()).isIn(ErrorCode.INCOMPATIBLE_FILE, ErrorCode.CORRUPT_RING);
            assertThat(e).hasMessageContaining(PATH.toString());
        }
    }

    private static ByteBuffer arbitrary(FuzzInput input) {
        byte[] start = input.rest(RingLayout.HEADER_LENGTH);
        return ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer patched(FuzzInput input) {
        ByteBuffer page = SOUND.write();
        while (input.hasMore()) {
            int offset = input.below(RingLayout.HEADER_LENGTH / Integer.BYTES) * Integer.BYTES;
            page.putInt(offset, (int) input.oddNumber(0, -1, 1, 255, 256, 65_536, 131_072, 1 << 30));
        }
        return page;
    }

    private static void seal(ByteBuffer page) {
        CRC32C crc = new CRC32C();
        crc.update(page.array(), 0, RingLayout.CRC_FIRST_END);
        crc.update(page.array(), RingLayout.CRC_SECOND_START, RingLayout.CRC_SECOND_END - RingLayout.CRC_SECOND_START);
        page.putInt(RingLayout.CRC_OFFSET, (int) crc.getValue());
    }
}
