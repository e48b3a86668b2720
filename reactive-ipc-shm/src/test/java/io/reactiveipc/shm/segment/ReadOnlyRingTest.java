package io.reactiveipc.shm.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.shm.SecondJvm;
import io.reactiveipc.shm.layout.RingLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A subscriber maps the ring for reading only: one that writes is stopped by the hardware or the JDK, and changes nothing. */
@Timeout(60)
class ReadOnlyRingTest {
    @TempDir
    Path parent;

    @Test
    void aSubscriberThatWritesIntoTheRingHurtsNobodyButItself() throws IOException, InterruptedException {
        RootDirectory root = RootDirectory.open(parent.resolve("root"));
        RingFile ring = RingFile.create(root.stream("prices"), Headers.of("prices"));
        byte[] before = Files.readAllBytes(ring.path());
        List<String> command =
                SecondJvm.command(ReadOnlyRingTest.class, ring.path().toString());
        command.addAll(1, List.of("-XX:+SuppressFatalErrorMessage", "-XX:-CreateCoredumpOnCrash"));

        Process vandal = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(vandal.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(vandal.waitFor()).as(said).isNotZero();
        assertThat(said).startsWith("attached").doesNotContain("written");
        assertThat(Files.readAllBytes(ring.path())).isEqualTo(before);
        ring.ring().putLong(RingLayout.HEADER_LENGTH, 42);
        assertThat(Objects.requireNonNull(RingFile.attach(ring.path())).ring().getLong(RingLayout.HEADER_LENGTH))
                .isEqualTo(42);
    }

    /** In the JVM that does it: dies, or ends with the exception. */
    public static void main(String[] arguments) {
        RingFile ring = Objects.requireNonNull(RingFile.attach(Path.of(arguments[0])));
        System.out.println("attached");
        System.out.flush();
        ring.ring().putLong(RingLayout.HEADER_LENGTH, 0x6666_6666_6666_6666L);
        ring.ring().putBytes(RingLayout.HEADER_LENGTH, ByteBuffer.allocate(64), 64);
        System.out.println("written");
    }
}
