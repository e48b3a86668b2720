package io.reactiveipc.shm.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.Codec;
import io.reactiveipc.Delivery;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.Message;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.shm.layout.RingLayout;
import io.reactiveipc.shm.layout.SlotLayout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;

@Timeout(60)
class SegmentInspectorTest {
    private static final String GOLDEN =
            "root/topics/5eddfaaad516f35bcd9cc43692cffb31a856192ef08b851dc13abf6041ec6621/0123456789abcdef-7.ring";

    @TempDir
    Path parent;

    private Path golden() throws IOException {
        Path ring = parent.resolve(GOLDEN);
        Files.createDirectories(ring.getParent());
        Files.write(ring, unpacked("ring"));
        Files.write(slots(ring), unpacked("subs"));
        return ring;
    }

    private static Path slots(Path ring) {
        return Path.of(ring.toString().replace(".ring", ".subs"));
    }

    private static byte[] unpacked(String extension) throws IOException {
        String name = "/golden/layout-1.0." + extension + ".gz";
        try (InputStream file = Objects.requireNonNull(SegmentInspectorTest.class.getResourceAsStream(name), name)) {
            return new GZIPInputStream(file).readAllBytes();
        }
    }

    private static void patch(Path file, int offset, long value) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(offset, value);
        Files.write(file, bytes);
    }

    @Test
    void aRingThatNobodyUsesAnyMoreIsToldLineByLine() throws IOException {
        Path ring = golden();

        String told = SegmentInspector.inspect(ring);

        assertThat(told)
                .contains("ring " + ring, "length 69632 bytes")
                .contains("stream \"golden.stream-é\" of type \"utf-8\", layout 1.0")
                .contains("publication 123456789abcdef, epoch 7, by node 00112233-4455-6677-8899-aabbccddeeff in row 3")
                .contains("capacity 65536 bytes, messages up to 8192, subscribers up to 5")
                .contains("initial position 192512, tail ", "0 of 5 slots taken")
                .contains("message 10, 900 bytes", "end: error golden.Error: the énd", "nothing committed at")
                .doesNotContain("IMPOSSIBLE", "REFUSED")
                .doesNotContain("xxxx");
        assertThat(SegmentInspector.inspect(parent.resolve("root"))).contains("nodes: there is no table of them", told);
    }

    @Test
    void aLiveDirectoryTellsWhoIsAliveAndHowFarEachIs() throws IOException {
        Path directory = parent.resolve("live");
        StreamSpec<String> prices = StreamSpec.of("prices", Codec.utf8()).capacity(65_536);
        try (IpcNode publisher =
                        IpcNode.builder().directory(directory).name("publisher").build();
                IpcNode subscriber = IpcNode.builder()
                        .directory(directory)
                        .name("subscriber")
                        .build()) {
            IpcPublication<String> publication = publisher.publish(prices).block(Duration.ofSeconds(30));
            Disposable receiving = subscriber
                    .subscribe(prices)
                    .flatMapMany(subscription -> subscription.receive())
                    .subscribe();
            Objects.requireNonNull(publication).awaitSubscribers(1).block(Duration.ofSeconds(30));
            publication.tryEmit("a secret");

            String told = SegmentInspector.inspect(directory);

            assertThat(told)
                    .contains("\"publisher\" (pid " + ProcessHandle.current().pid() + "), alive")
                    .contains("slot 0  ACTIVE", "\"subscriber\" (pid ")
                    .contains("message 0, 8 bytes", "1 of 64 slots taken", ", open")
                    .doesNotContain("IMPOSSIBLE", "REFUSED", "DEAD", "secret");
            receiving.dispose();
        }
        assertThat(SegmentInspector.inspect(directory)).contains("no rings").doesNotContain("pid");
    }

    /** Why a publisher waits that nobody seems to hold back. */
    @Test
    void aQueueGroupTellsWhatItHasAndWhoHoldsWhat() {
        Path directory = parent.resolve("queue");
        StreamSpec<String> jobs =
                StreamSpec.of("jobs", Codec.utf8()).capacity(65_536).delivery(Delivery.queue("workers"));
        try (IpcNode publisher =
                        IpcNode.builder().directory(directory).name("publisher").build();
                IpcNode worker =
                        IpcNode.builder().directory(directory).name("worker").build()) {
            IpcPublication<String> publication =
                    Objects.requireNonNull(publisher.publish(jobs).block(Duration.ofSeconds(30)));
            IpcSubscription<String> subscription =
                    Objects.requireNonNull(worker.subscribe(jobs).block(Duration.ofSeconds(30)));
            List<Message> held = new CopyOnWriteArrayList<>();
            Disposable working = subscription.leases().subscribe(held::add);
            publication.awaitSubscribers(1).block(Duration.ofSeconds(30));
            publication.tryEmit("a secret");
            while (held.isEmpty()) {
                Thread.onSpinWait();
            }

            assertThat(SegmentInspector.inspect(directory))
                    .contains("slot 0  MEMBER", "of group 0, holds the message at 0, ", "\"worker\" (pid ")
                    .contains("queue group 0  alive, next message at 32, 0 behind the tail, last operation claim into")
                    .doesNotContain("IMPOSSIBLE", "secret");
            held.forEach(Message::release);
            working.dispose();
        }
    }

    @Test
    void whatCannotBeIsMarked() throws IOException {
        Path ring = golden();
        patch(slots(ring), SlotLayout.wordOffset(2), SlotLayout.word(7, 5000, SlotLayout.ACTIVE));
        patch(slots(ring), SlotLayout.cursorOffset(2), 33);
        patch(ring, RingLayout.FINAL_POSITION_OFFSET, 32);

        assertThat(SegmentInspector.inspect(ring))
                .contains("slot 2  ACTIVE, generation 7, cursor 33", "IMPOSSIBLE: inside a record", "row 5000")
                .contains("ended at 32 IMPOSSIBLE: not the tail");
        patch(ring, RingLayout.CAPACITY_OFFSET, 77);
        assertThat(SegmentInspector.inspect(ring)).contains("REFUSED: ring", "checksum", "starts with 52 49 50 43");
    }

    @Test
    void whateverBytesStandThereNothingIsThrown() throws IOException {
        Path ring = golden();
        byte[] sound = Files.readAllBytes(ring);
        byte[] table = Files.readAllBytes(slots(ring));
        SplittableRandom random = new SplittableRandom(20_261_121);
        for (int round = 0; round < 300; round++) {
            byte[] bytes = sound.clone();
            byte[] slots = table.clone();
            for (int i = random.nextInt(1, 60); i > 0; i--) {
                // mostly where the header stays sound: hot words and records
                int at = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : hot(random);
                bytes[at] = (byte) random.nextInt();
                slots[random.nextInt(1024, slots.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(5) == 0 ? random.nextInt(bytes.length) : bytes.length;
            Files.write(ring, java.util.Arrays.copyOf(bytes, length), StandardOpenOption.TRUNCATE_EXISTING);
            Files.write(slots(ring), slots, StandardOpenOption.TRUNCATE_EXISTING);
            assertThat(SegmentInspector.inspect(ring)).startsWith("ring ");
        }
        Files.write(ring, new byte[0]);
        assertThat(SegmentInspector.inspect(ring)).contains("REFUSED", "is empty");
    }

    private static int hot(SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> RingLayout.TAIL_OFFSET + random.nextInt(8);
            case 1 -> RingLayout.FINAL_POSITION_OFFSET + random.nextInt(8);
            default -> RingLayout.HEADER_LENGTH + random.nextInt(65_536);
        };
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThatThrownBy(() -> SegmentInspector.inspect(parent.resolve("nowhere")))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("nowhere");
        assertThat(SegmentInspector.inspect(parent)).contains("no rings");
    }

    @Test
    void aFifoIsNotWaitedFor() throws IOException, InterruptedException {
        Path ring = golden();
        Files.delete(ring);
        assertThat(new ProcessBuilder("mkfifo", ring.toString()).start().waitFor())
                .isZero();
        assertThat(SegmentInspector.inspect(ring)).contains("is no regular file");
    }
}
