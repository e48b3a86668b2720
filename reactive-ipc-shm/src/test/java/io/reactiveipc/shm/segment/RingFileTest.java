package io.reactiveipc.shm.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.Overflow;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RingFileTest {
    @TempDir
    Path parent;

    private StreamDirectory directory;

    @BeforeEach
    void openRoot() {
        directory = RootDirectory.open(parent.resolve("root")).stream("prices");
    }

    @Test
    void createdRingIsWholeAndHasItsName() throws IOException {
        RingFile ring = RingFile.create(directory, Headers.of("prices"));

        assertThat(ring.path()).isEqualTo(directory.path().resolve("0000000000000abc-7.ring"));
        assertThat(Files.size(ring.path())).isEqualTo(4096 + 65_536);
        assertThat(Files.size(StreamDirectory.slotsOf(ring.path()))).isEqualTo(20_480);
        assertThat(ring.ring().capacity()).isEqualTo(4096 + 65_536);
        assertThat(ring.slots().capacity()).isEqualTo(20_480);
        assertThat(ring.ring().getLong(RingLayout.TAIL_OFFSET)).isZero();
        assertThat(ring.ring().getLong(RingLayout.FINAL_POSITION_OFFSET)).isEqualTo(-1);
        assertThat(ring.isNamed()).isTrue();
        assertThat(directory.rings()).containsExactly(ring.path());
        assertThat(files()).containsExactly("0000000000000abc-7.ring", "0000000000000abc-7.subs");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ring.path())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
                .isEqualTo("rwx------");
    }

    @Test
    void ringStartsAtItsInitialPosition() {
        RingHeader header = new RingHeader(
                "prices",
                "t",
                1,
                2,
                3,
                new UUID(4, 5),
                6,
                new UUID(7, 8),
                1 << 17,
                100,
                9,
                true,
                1L << 40,
                Overflow.Kind.EVICT_SLOW,
                5);

        RingFile ring = RingFile.create(directory, header);

        assertThat(ring.ring().getLong(RingLayout.TAIL_OFFSET)).isEqualTo(1L << 40);
        assertThat(ring.ring().getLong(RingLayout.TAIL_INTENT_OFFSET)).isEqualTo(1L << 40);
        assertThat(RingFile.attach(ring.path()).header()).isEqualTo(header);
        assertThat(RingFile.headerOf(ring.path())).isEqualTo(header);
    }

    @Test
    void attachedRingSeesWhatIsWrittenAndWritesSlots() {
        RingFile ring = RingFile.create(directory, Headers.of("prices"));
        RingFile attached = RingFile.attach(ring.path());

        ring.ring().putLong(RingLayout.HEADER_LENGTH, 42);
        attached.slots().putLong(SlotLayout.cursorOffset(63), 43);

        assertThat(attached.header()).isEqualTo(ring.header());
        assertThat(attached.ring().getLong(RingLayout.HEADER_LENGTH)).isEqualTo(42);
        assertThat(ring.slots().getLong(SlotLayout.cursorOffset(63))).isEqualTo(43);
    }

    @Test
    void unlinkedRingLivesOnInItsMappingsAndIsFoundByNobody() throws IOException {
        RingFile ring = RingFile.create(directory, Headers.of("prices"));
        RingFile attached = RingFile.attach(ring.path());

        ring.unlink();
        ring.unlink();
        ring.ring().putLong(RingLayout.HEADER_LENGTH, 42);

        assertThat(attached.ring().getLong(RingLayout.HEADER_LENGTH)).isEqualTo(42);
        assertThat(attached.isNamed()).isFalse();
        assertThat(RingFile.attach(ring.path())).isNull();
        assertThat(RingFile.headerOf(ring.path())).isNull();
        assertThat(files()).isEmpty();
    }

    @Test
    void nameTakenByAnotherFileIsNoLongerTheRings() throws IOException {
        RingFile ring = RingFile.create(directory, Headers.of("prices"));
        ring.unlink();
        Files.createFile(ring.path());

        assertThat(ring.isNamed()).isFalse();
    }

    @Test
    void secondRingOfTheSameNameIsRefusedAndTheFirstStays() throws IOException {
        RingFile ring = RingFile.create(directory, Headers.of("prices"));

        assertThatThrownBy(() -> RingFile.create(directory, Headers.of("prices")))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
                .hasMessageContaining("another epoch");
        assertThat(ring.isNamed()).isTrue();
        assertThat(files()).hasSize(2);
    }

    @Test
    void slotsLeftWithoutARingAreReplaced() throws IOException {
        RingFile first = RingFile.create(directory, Headers.of("prices"));
        first.slots().putLong(SlotLayout.wordOffset(0), SlotLayout.word(1, 2, SlotLayout.ACTIVE));
        Files.delete(first.path());

        RingFile second = RingFile.create(directory, Headers.of("prices"));

        assertThat(second.slots().getLong(SlotLayout.wordOffset(0))).isZero();
        assertThat(files()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "../../../etc/passwd",
                "/etc/passwd",
                "a/b",
                ".tmp-x",
                "nul\0nul",
                "line\nline",
                "\\\\host\\share",
                "prices.ring",
                " "
            })
    void noNameLeadsOutOfTheDirectory(String name) throws IOException {
        RootDirectory root = RootDirectory.open(parent.resolve("root"));
        RingFile file = RingFile.create(root.stream(name), Headers.of(name));

        assertThat(file.path().toRealPath().getParent().getParent())
                .isEqualTo(root.topics().toRealPath());
        assertThat(file.path().getParent().getFileName().toString()).matches("[0-9a-f]{64}");
        assertThat(Objects.requireNonNull(RingFile.attach(file.path())).header().name())
                .isEqualTo(name);
    }

    @Test
    void aNewRingHasNoByteOfAnEarlierOne() throws IOException {
        byte[] secret = "a secret of 32 bytes, repeatedly".getBytes(StandardCharsets.US_ASCII);
        RingFile earlier = RingFile.create(directory, Headers.of("prices"));
        for (int offset = RingLayout.HEADER_LENGTH; offset < earlier.ring().capacity(); offset += secret.length) {
            earlier.ring().putBytes(offset, secret);
        }
        earlier.unlink();

        byte[] bytes = Files.readAllBytes(
                RingFile.create(directory, Headers.of("prices")).path());
        assertThat(Arrays.copyOfRange(bytes, RingLayout.HEADER_LENGTH, bytes.length))
                .isEqualTo(new byte[Headers.CAPACITY]);
    }

    @Test
    void directoryOfAnotherStreamIsRefused() {
        assertThatThrownBy(() -> RingFile.create(directory, Headers.of("orders")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("orders");
    }

    @Test
    void directoryListsOnlyWhatCouldBeRings() throws IOException {
        RingFile ring = RingFile.create(directory, Headers.of("prices"));
        for (String name : List.of(
                "0000000000000abc-07.ring", "abc-7.ring", "0000000000000ABC-7.ring", "notes", ".tmp-x-1", "x.ring")) {
            Files.createFile(directory.path().resolve(name));
        }

        assertThat(directory.rings()).containsExactly(ring.path());
    }

    @Test
    void absentDirectoryHasNoRings() {
        assertThat(directory.rings()).isEmpty();
    }

    @Test
    void headerPageIsByteForByteWhatVersionOneWrites() {
        ByteBuffer page = new RingHeader(
                        "prices",
                        "t/1",
                        0xABC,
                        7,
                        9,
                        new UUID(1, 2),
                        3,
                        new UUID(4, 5),
                        65_536,
                        8192,
                        64,
                        true,
                        64,
                        Overflow.Kind.OVERWRITE_OLDEST,
                        6)
                .write();

        assertThat(page.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(hex(page, 0, 128))
                .isEqualTo("5249504352494e47" + "0100" + "0000" + "00100000" + "0010010000000000" // to the file length
                        + "00000100" + "20000000" + "00200000" + "01020000" // capacity, alignment, message, flags
                        + "0700000000000000" + "0900000000000000" // epoch, key
                        + "0100000000000000" + "0200000000000000" // node
                        + "0400000000000000" + "0500000000000000" // boot
                        + "4000000000000000" + "03000000" + "40000000" // initial position, row, subscribers
                        + "bc0a000000000000" + "04030201" + "06000000" // publication, mark, history
                        + "770774c8" + "00000000"); // checksum
        assertThat(hex(page, 128, 8)).isEqualTo("4000000000000000");
        assertThat(hex(page, 256, 8)).isEqualTo("4000000000000000");
        assertThat(hex(page, 384, 8)).isEqualTo("ffffffffffffffff");
        assertThat(hex(page, 512, 12)).isEqualTo("06000000" + "707269636573" + "0000");
        assertThat(hex(page, 1024, 8)).isEqualTo("03000000" + "742f3100");
    }

    private static String hex(ByteBuffer page, int offset, int length) {
        byte[] bytes = new byte[length];
        page.get(offset, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.path())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
