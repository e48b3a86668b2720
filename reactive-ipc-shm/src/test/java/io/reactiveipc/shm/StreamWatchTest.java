package io.reactiveipc.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.IpcException;
import io.reactiveipc.shm.node.NodeRow;
import io.reactiveipc.shm.node.NodeTable;
import io.reactiveipc.shm.segment.RootDirectory;
import io.reactiveipc.spi.Session;
import io.reactiveipc.spi.SessionWatch;
import io.reactiveipc.spi.StreamDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who comes by without a reason spares the look if the directory is as it was, and misses nothing by it. */
@Timeout(60)
class StreamWatchTest {
    private static final StreamDefinition STREAM =
            StreamDefinition.of("watched", "bytes").withCapacity(64 * 1024);

    @TempDir
    Path parent;

    private final List<Session> found = new ArrayList<>();
    private RootDirectory root;
    private NodeRow row;
    private ShmDataPlane publisher;
    private StreamWatch watch;
    private Path directory;

    @BeforeEach
    void open() {
        root = RootDirectory.open(parent.resolve("root"));
        NodeTable nodes = NodeTable.open(root);
        row = nodes.claim("watching");
        publisher = new ShmDataPlane("publisher", root, nodes, nodes.claim("publisher"), TimeUnit.HOURS.toMillis(1));
        watch = new StreamWatch(
                STREAM, root.stream("watched"), nodes, row.index(), (node, loop) -> {}, new Listener(), closed -> {});
        directory = root.stream("watched").path();
        watch.open();
    }

    @AfterEach
    void close() {
        watch.close();
        publisher.close();
        row.release();
    }

    private void changed(Duration ago) throws IOException {
        Files.setLastModifiedTime(directory, FileTime.from(Instant.now().minus(ago)));
    }

    @Test
    void eachRingIsFoundOnceAndTheSecondOneToo() throws IOException {
        publisher.publish(STREAM);
        watch.scanIfChanged();
        assertThat(found).hasSize(1);
        changed(Duration.ofHours(1));
        watch.scanIfChanged();
        watch.scanIfChanged();
        publisher.publish(STREAM);
        watch.scanIfChanged();
        assertThat(found).hasSize(2);
    }

    @Test
    void aDirectoryThatIsAsItWasIsNotLookedAt() throws IOException {
        publisher.publish(STREAM);
        changed(Duration.ofHours(1));
        watch.scanIfChanged();
        FileTime before = Files.getLastModifiedTime(directory);
        publisher.publish(STREAM);
        Files.setLastModifiedTime(directory, before); // as if nothing had happened
        watch.scanIfChanged();
        assertThat(found).hasSize(1);
        watch.scan();
        assertThat(found).hasSize(2);
    }

    @Test
    void aRingThatCameWithinTheSameTickAsTheLookIsFound() throws IOException {
        publisher.publish(STREAM);
        watch.scanIfChanged();
        FileTime tick = Files.getLastModifiedTime(directory);
        publisher.publish(STREAM);
        Files.setLastModifiedTime(directory, tick);
        watch.scanIfChanged();
        assertThat(found).hasSize(2);
    }

    private final class Listener implements SessionWatch.Listener {
        @Override
        public void onSession(Session session) {
            found.add(session);
        }

        @Override
        public void onRefused(IpcException reason) {
            throw new AssertionError(reason);
        }
    }
}
