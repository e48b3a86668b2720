package io.reactiveipc.test.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.Message;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.test.InMemoryHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Tests that the tests of the extension run; what they were given is left in the static fields. */
final class Samples {
    static final Duration PATIENCE = Duration.ofSeconds(40);
    static final StreamSpec<String> WORDS = StreamSpec.of("words", Codec.utf8()).capacity(65_536);
    static final List<IpcNode> NODES = new CopyOnWriteArrayList<>();
    static final List<Path> DIRECTORIES = new CopyOnWriteArrayList<>();
    static final List<Message> LEASES = new CopyOnWriteArrayList<>();

    private Samples() {}

    private static void stream(IpcNode from, IpcNode to) {
        IpcPublication<String> publication = from.publish(WORDS).block(PATIENCE);
        var received = to.subscribe(WORDS).block(PATIENCE).receive().next().toFuture();
        publication.awaitSubscribers(1).then(publication.emit("hello")).block(PATIENCE);
        assertEquals(
                "hello",
                received.orTimeout(40, java.util.concurrent.TimeUnit.SECONDS).join());
    }

    private static void lease(IpcNode from, IpcNode to) {
        IpcPublication<String> publication = from.publish(WORDS).block(PATIENCE);
        var received = to.subscribe(WORDS)
                .block(PATIENCE)
                .leases()
                .next()
                .doOnNext(LEASES::add)
                .toFuture();
        publication.awaitSubscribers(1).then(publication.emit("held")).block(PATIENCE);
        received.orTimeout(40, java.util.concurrent.TimeUnit.SECONDS).join();
    }

    @ExtendWith(IpcExtension.class)
    static class InADirectory {
        private Path early;

        @BeforeEach
        void before(Path directory, IpcNode node) {
            early = directory;
            NODES.add(node);
        }

        @Test
        void streams(IpcNode one, IpcNode other, Path directory) throws IOException {
            stream(one, other);
            assertEquals(early, directory);
            assertEquals(directory.toRealPath(), one.directory());
            assertNotEquals(one.name(), other.name());
            NODES.addAll(List.of(one, other));
            DIRECTORIES.add(directory);
        }

        @AfterEach
        void after(IpcNode late) {
            NODES.add(late);
        }
    }

    @InMemory
    static class OnAHost {
        @Test
        void streams(IpcNode one, IpcNode other, InMemoryHost host) {
            stream(one, other);
            assertTrue(host.toString().contains(one.name()));
            NODES.addAll(List.of(one, other));
        }

        @Test
        void inVirtualTime(VirtualTimeScheduler time, InMemoryHost host, IpcNode one, IpcNode other) {
            stream(one, other);
            host.catchUp();
            var beat = one.events().ofType(PeerEvent.Heartbeat.class).next().toFuture();
            time.advanceTimeBy(Duration.ofSeconds(3));
            assertTrue(beat.isDone());
        }
    }

    @ExtendWith(IpcExtension.class)
    static class WithATempDirOfJUnits {
        @Test
        void both(@TempDir Path temporary, Path directory) {
            assertNotEquals(temporary, directory);
        }
    }

    @ExtendWith(IpcExtension.class)
    static class Leases {
        @Test
        void inADirectory(IpcNode one, IpcNode other) {
            DIRECTORIES.add(one.directory());
            lease(one, other);
        }

        @Test
        @InMemory
        void inMemory(IpcNode one, IpcNode other) {
            lease(one, other);
        }
    }

    @ExtendWith(IpcExtension.class)
    static class OpenNodes {
        @Test
        void inADirectory(IpcNode.Builder builder, Path directory) {
            DIRECTORIES.add(directory);
            IpcNode node = builder.name("forgotten").build();
            NODES.add(node);
            node.publish(WORDS).block(PATIENCE);
        }

        @Test
        @InMemory
        void inMemory(IpcNode.Builder builder) {
            NODES.add(builder.name("forgotten").build());
        }
    }

    @ExtendWith(IpcExtension.class)
    static class StrayFiles {
        @Test
        void left(Path directory, IpcNode node) throws IOException {
            DIRECTORIES.add(directory);
            Files.createFile(directory.resolve("stray"));
        }
    }

    @ExtendWith(IpcExtension.class)
    static class Failures {
        @Test
        void ofTheTestItself(Path directory, IpcNode one, IpcNode other) {
            DIRECTORIES.add(directory);
            NODES.addAll(List.of(one, other));
            lease(one, other);
            throw new AssertionError("mine");
        }
    }
}
