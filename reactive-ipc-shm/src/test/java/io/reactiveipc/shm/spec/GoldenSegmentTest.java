package io.reactiveipc.shm.spec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.Overflow;
import io.reactiveipc.shm.ring.Attachment;
import io.reactiveipc.shm.ring.PublishingProcess;
import io.reactiveipc.shm.ring.RingGeometry;
import io.reactiveipc.shm.ring.RingReader;
import io.reactiveipc.shm.ring.RingWriter;
import io.reactiveipc.shm.segment.RingFile;
import io.reactiveipc.shm.segment.RingHeader;
import io.reactiveipc.shm.segment.RootDirectory;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingConsumer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A ring that version 1.0 of the layout wrote, kept as bytes: readers of today read it, and writers write the same. It
 * begins 4096 bytes before the end of the data, so that it has padding and a second lap. If this fails, the layout has
 * changed: that is a new version of it, and this one's files stay.
 */
@Timeout(30)
class GoldenSegmentTest {
    private static final RingHeader HEADER = new RingHeader(
            "golden.stream-é",
            "utf-8",
            0x0123_4567_89AB_CDEFL,
            7,
            0x5EED_F00D_CAFE_D00DL,
            UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"),
            3,
            UUID.fromString("ffeeddcc-bbaa-9988-7766-554433221100"),
            65_536,
            8_192,
            5,
            false,
            3 * 65_536 - 4_096,
            Overflow.Kind.WAIT,
            1);

    private static final RingGeometry GEOMETRY = new RingGeometry(
            "golden",
            HEADER.capacity(),
            HEADER.sessionKey(),
            HEADER.maxMessageLength(),
            HEADER.maxSubscribers(),
            HEADER.timestamps(),
            HEADER.initialPosition(),
            HEADER.overflow(),
            HEADER.history());

    @TempDir
    Path directory;

    private RootDirectory root;

    @BeforeEach
    void makePrivate() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        root = RootDirectory.open(directory);
    }

    @Test
    void todaysReaderReadsTheGoldenRing() throws IOException {
        Path ring = RingFile.create(root.stream(HEADER.name()), HEADER).path();
        Path slots = Path.of(ring.toString().replace(".ring", ".subs"));
        Files.write(ring, golden("ring"), StandardOpenOption.WRITE);
        Files.write(slots, golden("subs"), StandardOpenOption.WRITE);

        RingFile file = Objects.requireNonNull(RingFile.attach(ring));
        assertThat(file.header()).isEqualTo(HEADER);
        RingReader reader =
                new Attachment(file.ring(), file.slots(), GEOMETRY, new Publisher(), (row, loop) -> {}, 1).join(true);
        List<String> read = new ArrayList<>();
        int index = reader.poll();
        for (; index >= 0; index = reader.poll()) {
            assertThat(reader.sequence()).isEqualTo(read.size());
            byte[] bytes = new byte[reader.length()];
            reader.buffer().getBytes(index, bytes);
            read.add(new String(bytes, UTF_8));
            reader.advance();
        }
        assertThat(index).isEqualTo(RingConsumer.ENDED);
        assertThat(reader.end()).isEqualTo(new EndOfStream(EndOfStream.Kind.ERROR, "golden.Error", "the énd"));
        assertThat(read).isEqualTo(messages());
    }

    @Test
    void todaysWriterWritesTheGoldenRing() throws IOException {
        RingFile file = RingFile.create(root.stream(HEADER.name()), HEADER);
        write(file);
        String name = file.path().getFileName().toString();
        assertThat(name).isEqualTo("0123456789abcdef-7.ring");
        assertThat(file.path().getParent().getFileName())
                .hasToString("5eddfaaad516f35bcd9cc43692cffb31a856192ef08b851dc13abf6041ec6621");
        assertSameBytes(Files.readAllBytes(file.path()), golden("ring"));
        assertSameBytes(Files.readAllBytes(file.path().resolveSibling("0123456789abcdef-7.subs")), golden("subs"));
    }

    private static void write(RingFile file) {
        RingWriter writer = new RingWriter(
                file.ring(),
                file.slots(),
                GEOMETRY,
                (row, loop) -> {},
                Duration.ZERO,
                row -> {
                    throw new AssertionError("nobody is evicted");
                },
                () -> {});
        List<String> messages = messages();
        for (int i = 0; i < messages.size(); i++) {
            if (i == 4) {
                writer.beginBatch();
            }
            byte[] bytes = messages.get(i).getBytes(UTF_8);
            int index = writer.tryClaim(bytes.length + i);
            writer.buffer().putBytes(index, bytes);
            writer.commit(bytes.length);
            if (i == 6) {
                writer.endBatch();
            }
        }
        writer.end(new EndOfStream(EndOfStream.Kind.ERROR, "golden.Error", "the énd"));
    }

    private static List<String> messages() {
        List<String> messages =
                new ArrayList<>(List.of("", "a", "eight by", "nine byte", "ünïcödé", "x".repeat(1_000)));
        for (int length = 500; length <= 900; length += 100) {
            messages.add(Character.toString('a' + length / 100).repeat(length));
        }
        return messages;
    }

    /** Lives. */
    private static final class Publisher implements PublishingProcess {
        @Override
        public @Nullable String death() {
            return null;
        }

        @Override
        public int nodeRow() {
            return HEADER.nodeRow();
        }

        @Override
        public UUID node() {
            return HEADER.node();
        }
    }

    private static byte[] golden(String extension) throws IOException {
        String name = "/golden/layout-1.0." + extension + ".gz";
        try (InputStream file = Objects.requireNonNull(GoldenSegmentTest.class.getResourceAsStream(name), name)) {
            return new GZIPInputStream(file).readAllBytes();
        }
    }

    private static void assertSameBytes(byte[] actual, byte[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        int difference = Arrays.mismatch(actual, expected);
        assertThat(difference)
                .as("offset of the first byte that differs")
                .withFailMessage(
                        () -> "byte " + difference + " is " + actual[difference] + " and was " + expected[difference])
                .isEqualTo(-1);
    }
}
