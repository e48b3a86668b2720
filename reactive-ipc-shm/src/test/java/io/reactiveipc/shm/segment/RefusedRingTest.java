package io.reactiveipc.shm.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.reactiveipc.CorruptRingException;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files under the name of a ring that are none, or not one that may be mapped. */
@Timeout(60)
class RefusedRingTest {
    @TempDir
    Path parent;

    private StreamDirectory directory;
    private RingFile sound;
    private Path path;

    @BeforeEach
    void createSoundRing() {
        directory = RootDirectory.open(parent.resolve("root")).stream("prices");
        sound = RingFile.create(directory, Headers.of("prices"));
        path = sound.path();
    }

    @Test
    void soundRingIsAttached() {
        assertThat(RingFile.attach(path)).isNotNull();
    }

    @Test
    void emptyFileIsForeign() throws IOException {
        Files.write(path, new byte[0]);

        assertForeign("is empty", "\"RIPCRING\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 4095, 4096, 69_632})
    void randomBytesAreForeign(int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        Files.write(path, bytes);

        assertForeign("starts with 0x", "\"RIPCRING\"");
    }

    @Test
    void fileOfAnotherKindIsForeign() throws IOException {
        Files.copy(StreamDirectory.slotsOf(path), path, StandardCopyOption.REPLACE_EXISTING);

        assertForeign("52495043" + "53554253", "\"RIPCRING\"");
    }

    @Test
    void otherMajorVersionIsForeignEvenIfTheChecksumIsAnother() throws IOException {
        patch(page -> page.putShort(RingLayout.MAJOR_OFFSET, (short) 2));

        assertForeign("layout 2.0", "reads 1.x");
    }

    @Test
    void newerMinorVersionIsAccepted() throws IOException {
        patchAndSeal(page -> page.putShort(RingLayout.MINOR_OFFSET, (short) 9));

        assertThat(RingFile.attach(path)).isNotNull();
    }

    @Test
    void otherByteOrderIsForeign() throws IOException {
        patch(page -> {
            page.putInt(RingLayout.BYTE_ORDER_MARK_OFFSET, 0x04030201);
            page.putShort(RingLayout.MAJOR_OFFSET, (short) 0x0100);
        });

        assertForeign("big-endian", "little-endian");
    }

    @Test
    void anyFlippedBitUnderTheChecksumIsFound() throws IOException {
        byte[] original = Files.readAllBytes(path);
        for (int offset = RingLayout.HEADER_LENGTH_OFFSET; offset < RingLayout.CRC_SECOND_END; offset++) {
            boolean hot = offset >= RingLayout.CRC_FIRST_END + 4 && offset < RingLayout.CRC_SECOND_START;
            if (!hot) {
                byte[] bytes = original.clone();
                bytes[offset] ^= 0x10;
                Files.write(path, bytes);
                assertThatThrownBy(() -> RingFile.attach(path))
                        .as("offset %d", offset)
                        .isInstanceOf(IpcException.class);
            }
        }
    }

    @Test
    void hotWordsAreNotUnderTheChecksum() {
        sound.ring().putLong(RingLayout.TAIL_OFFSET, 4096);
        sound.ring().putLong(RingLayout.TAIL_INTENT_OFFSET, 4096);
        sound.ring().putLong(RingLayout.FINAL_POSITION_OFFSET, 4096);

        assertThat(RingFile.attach(path)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 100, 4095, 4096, 69_631})
    void truncatedRingIsCorrupt(int length) throws IOException {
        truncate(path, length);

        assertCorrupt(length < 4096 ? "ends after " + length : "the file has " + length + " bytes");
    }

    @Test
    void ringWithSomethingBehindItIsCorrupt() throws IOException {
        truncate(path, 69_633);

        assertCorrupt("the file has 69633 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "12, 8192, header length",
        "24, 65535, capacity must be",
        "24, 98304, power of two",
        "24, -65536, capacity must be",
        "24, 131072, bytes",
        "28, 64, record alignment",
        "32, 8193, maxMessageLength",
        "32, 0, maxMessageLength",
        "40, -1, epoch",
        "96, 1024, nodeRow",
        "96, -1, nodeRow",
        "100, 0, maxSubscribers",
        "100, 65, maxSubscribers",
        "104, 1, publication",
        "112, 7, byte order mark",
        "512, 0, name",
        "512, 256, name",
        "512, 5, stream",
        "1024, 0, typeId",
        "1024, 2147483647, typeId"
    })
    void valueThatNoRingHasIsCorruptHoweverWellItIsSealed(int offset, int value, String text) throws IOException {
        patchAndSeal(page -> {
            page.putInt(offset, value);
            if (offset == RingLayout.EPOCH_OFFSET) {
                page.putInt(offset + 4, value);
            }
        });

        assertCorrupt(text);
    }

    @Test
    void sessionKeyOfZeroIsCorrupt() throws IOException {
        patchAndSeal(page -> page.putLong(RingLayout.SESSION_KEY_OFFSET, 0));

        assertCorrupt("sessionKey");
    }

    @ParameterizedTest
    @ValueSource(longs = {-32, 1, 31})
    void initialPositionThatIsNoneIsCorrupt(long position) throws IOException {
        patchAndSeal(page -> page.putLong(RingLayout.INITIAL_POSITION_OFFSET, position));

        assertCorrupt("initialPosition");
    }

    @Test
    void ringInTheDirectoryOfAnotherStreamIsCorrupt() throws IOException {
        Path topics = directory.path().getParent();
        Path other = Files.createDirectory(topics.resolve(StreamDirectory.sha256("orders")));
        path = Files.move(path, other.resolve(path.getFileName()));

        assertCorrupt("stream \"prices\"");
    }

    @Test
    void ringUnderTheNameOfAnotherEpochIsCorrupt() throws IOException {
        path = Files.move(path, path.resolveSibling("0000000000000abc-8.ring"));

        assertCorrupt("epoch 7");
    }

    @Test
    void ringWithoutSlotsIsCorrupt() throws IOException {
        Files.delete(StreamDirectory.slotsOf(path));

        assertCorrupt("slot table is missing");
    }

    @Test
    void slotsOfAnotherSessionAreCorrupt() {
        sound.slots().putLong(SlotLayout.SESSION_KEY_OFFSET, 99);

        assertCorrupt("another session");
    }

    @Test
    void truncatedSlotsAreRefused() throws IOException {
        truncate(StreamDirectory.slotsOf(path), SlotLayout.FILE_LENGTH - 1);

        assertForeign("20479 bytes", "20480");
    }

    @Test
    void otherSlotCountIsRefused() {
        sound.slots().putInt(SlotLayout.SLOT_COUNT_OFFSET, 65);

        assertForeign("65 slots", "64");
    }

    @Test
    void fifoIsRefusedAndNotWaitedFor() throws IOException, InterruptedException {
        Files.delete(path);
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();

        assertForeign("is a special file");
    }

    @Test
    void fifoInPlaceOfSlotsIsRefused() throws IOException, InterruptedException {
        Path slots = StreamDirectory.slotsOf(path);
        Files.delete(slots);
        assertThat(new ProcessBuilder("mkfifo", slots.toString()).start().waitFor())
                .isZero();

        assertForeign("is a special file");
    }

    @Test
    void directoryIsRefused() throws IOException {
        Files.delete(path);
        Files.createDirectory(path);

        assertForeign("is a directory");
    }

    @Test
    void symbolicLinkToASoundRingIsRefused() throws IOException {
        Path elsewhere = Files.move(path, parent.resolve("elsewhere"));
        Files.createSymbolicLink(path, elsewhere);

        assertForeign("is a symbolic link");
    }

    @Test
    void fileOfAnotherUserIsRefused() throws IOException {
        assumeTrue(PrivateAccess.uid().orElse(-1) == 0, "only root can give away");
        Files.setAttribute(path, "unix:uid", 12345);

        assertForeign("belongs to uid 12345", "runs as 0");
    }

    private void patch(Consumer<ByteBuffer> change) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        change.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        Files.write(path, bytes);
    }

    private void patchAndSeal(Consumer<ByteBuffer> change) throws IOException {
        patch(page -> {
            change.accept(page);
            CRC32C crc = new CRC32C();
            crc.update(page.array(), 0, 120);
            crc.update(page.array(), 512, 1536);
            page.putInt(120, (int) crc.getValue());
        });
    }

    private static void truncate(Path file, long length) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(length);
        }
    }

    private void assertForeign(String... texts) {
        assertThatThrownBy(() -> RingFile.attach(path))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INCOMPATIBLE_FILE))
                .hasMessageContaining(directory.path().toString())
                .hasMessageContainingAll(texts);
    }

    private void assertCorrupt(String text) {
        assertThatThrownBy(() -> RingFile.attach(path))
                .isInstanceOf(CorruptRingException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(text);
    }
}
