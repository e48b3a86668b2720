package io.reactiveipc.shm.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.shm.layout.SignalLayout;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SignalFileTest {
    private static final UUID NODE = new UUID(1, 2);

    @TempDir
    Path parent;

    private RootDirectory root;

    @BeforeEach
    void openRoot() {
        root = RootDirectory.open(parent.resolve("root"));
    }

    @Test
    void createdCounterIsWholeAndPrivateAndTheSameForAll() throws IOException {
        SignalFile created = SignalFile.openOrCreate(root, "door.bell", NODE);
        SignalFile opened = SignalFile.openOrCreate(root, "door.bell", NODE);

        Path path = onlyOne();
        assertThat(path.getFileName()).hasToString(SignalFile.sha256("door.bell") + ".sig");
        assertThat(SignalFile.sha256Of(path)).isEqualTo(SignalFile.sha256("door.bell"));
        assertThat(Files.size(path)).isEqualTo(20_480);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.signals())))
                .isEqualTo("rwx------");
        created.buffer().putLong(SignalLayout.COUNT_OFFSET, 42);
        assertThat(opened.buffer().getLong(SignalLayout.COUNT_OFFSET)).isEqualTo(42);
    }

    @Test
    void aNameOf255BytesHasItsCounter() {
        SignalFile.openOrCreate(root, "ü".repeat(127) + "x", NODE);

        assertThat(SignalFile.open(onlyOne())).isNotNull();
    }

    @Test
    void whatIsNoCounterIsRefusedAndNotMapped() throws IOException {
        SignalFile.openOrCreate(root, "door", NODE);
        Path path = onlyOne();

        patch(path, 0, "RIPCRING");
        refused(ErrorCode.INCOMPATIBLE_FILE, "RIPCSIGN");
        patch(path, 0, "RIPCSIGN");
        patch(path, 12, "\1");
        refused(ErrorCode.INCOMPATIBLE_FILE, "must have 64");
        patch(path, 12, "\100");
        patch(path, 516, "D");
        refused(ErrorCode.CORRUPT_RING, "signal \"Door\"");
        patch(path, 516, "d");
        patch(path, 512, "\0");
        refused(ErrorCode.CORRUPT_RING, "0 bytes");
        patch(path, 512, "\4");
        assertThat(SignalFile.openOrCreate(root, "door", NODE)).isNotNull();
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(8192);
        }
        refused(ErrorCode.INCOMPATIBLE_FILE, "8192 bytes");
    }

    private void refused(ErrorCode code, String why) {
        assertThatThrownBy(() -> SignalFile.openOrCreate(root, "door", NODE))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(why);
    }

    private static void patch(Path path, long offset, String bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(offset);
            file.writeBytes(bytes);
        }
    }

    private Path onlyOne() {
        assertThat(SignalFile.in(root)).hasSize(1);
        return SignalFile.in(root).get(0);
    }
}
