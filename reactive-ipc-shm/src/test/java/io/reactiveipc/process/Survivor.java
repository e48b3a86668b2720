package io.reactiveipc.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.node.NodeTable;
import io.reactiveipc.shm.segment.RootDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/**
 * A node in the tests' own JVM, that victims share streams with. Victims are started for a short life, and in either memory
 * mode in turn.
 */
final class Survivor implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(90);
    static final int CAPACITY = 64 * 1024;

    /** The bytes of all messages: 1000 take 1024 of the ring, which divide its capacity. */
    static final int LENGTH = 1000;

    private static final String STREAM = "mortal";

    private final Children children;
    private final Path directory;
    private final IpcNode node;

    Survivor(Children children, Path directory) {
        this.children = children;
        this.directory = directory;
        this.node = IpcNode.builder().name("survivor").directory(directory).build();
    }

    /** Starts a JVM that does not survive its {@code passages}-th passage of a point. */
    static ChildJvm launch(Children children, Path directory, CrashPoint point, String passages) {
        return children.launch(
                point.label() + ":" + passages,
                directory,
                point.ordinal() % 2 == 0 ? "unsafe" : "varhandle",
                List.of(),
                "-Xmx64m",
                "-D" + CrashPoint.PROPERTY + "=" + point.label() + ":" + passages);
    }

    static void assertHalted(ChildJvm victim) {
        assertThat(victim.reaped()).as("exit code of %s", victim.name()).isEqualTo(CrashPoint.EXIT_CODE);
    }

    /** A test that keeps its files, which those of a factory do not by themselves. */
    static DynamicTest test(Children children, String name, Executable executable) {
        return DynamicTest.dynamicTest(name, () -> {
            try {
                executable.execute();
            } catch (Throwable e) {
                children.keep();
                throw e;
            }
        });
    }

    /** The arguments of a child's {@code publish} and {@code subscribe}. */
    static Object[] stream(int length, Object... more) {
        Object[] values = {
            "stream", STREAM, "capacity", CAPACITY, "min", length, "usual", length, "max", length, "seed", 1
        };
        Object[] all = Arrays.copyOf(values, values.length + more.length);
        System.arraycopy(more, 0, all, values.length, more.length);
        return all;
    }

    private static final class Numbers implements Codec<Long> {
        private static final Payload PAYLOAD = new Payload(1, LENGTH, LENGTH, LENGTH);

        @Override
        public String typeId() {
            return "numbers";
        }

        @Override
        public int encodedLength(Long number) {
            return PAYLOAD.length(number);
        }

        @Override
        public int encode(Long number, MutableDirectBuffer buffer) {
            int length = PAYLOAD.length(number);
            PAYLOAD.write(buffer, number, length);
            return length;
        }

        @Override
        public Long decode(DirectBuffer buffer, int length) {
            return Payload.numberOf(buffer);
        }
    }

    private static StreamSpec<Long> spec() {
        return StreamSpec.of(STREAM, new Numbers()).capacity(CAPACITY);
    }

    IpcNode node() {
        return node;
    }

    IpcPublication<Long> publish() {
        return Peer.got(node.publish(spec()).block(PATIENCE));
    }

    IpcSubscription<Long> subscribe() {
        return Peer.got(node.subscribe(spec()).block(PATIENCE));
    }

    Received receive(IpcSubscription<Long> subscription, int length) {
        Received received = new Received(length);
        subscription.receive(received::enter).subscribe(received);
        return received;
    }

    /** The only ring there is. */
    Path ring() {
        return children.ring(STREAM);
    }

    /** Removes what the dead left, and returns how many they were. */
    int sweep() {
        return NodeTable.open(RootDirectory.open(directory)).reaper().sweep();
    }

    /** The files of streams, signals and nodes; directories come and go with them. */
    List<String> segments() {
        return Children.files(directory).stream()
                .filter(file -> file.matches(".*(\\.ring|\\.subs|\\.sig|\\.bell|\\.sock|\\.tmp-.*)"))
                .sorted()
                .toList();
    }

    /** After a sweep, which another node may be at already, there are the files that there were. */
    void assertSweepLeaves(List<String> files) {
        until(
                () -> {
                    sweep();
                    return segments();
                },
                files::equals);
    }

    static <T> T until(Supplier<T> supplier, Predicate<T> wanted) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        T value = supplier.get();
        while (!wanted.test(value)) {
            assertThat(System.nanoTime()).as("still " + value).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            value = supplier.get();
        }
        return value;
    }

    @Override
    public void close() {
        node.close();
    }
}
