package io.reactiveipc.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.IpcException;
import io.reactiveipc.shm.node.NodeTable;
import io.reactiveipc.shm.segment.RootDirectory;
import io.reactiveipc.spi.EndOfStream;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.RingProducer;
import io.reactiveipc.spi.Session;
import io.reactiveipc.spi.SessionWatch;
import io.reactiveipc.spi.StreamDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Publications are found because their creation is told: here nobody comes by to look for them within an hour. */
@Timeout(60)
class DirectoryNoticesTest {
    private static final StreamDefinition STREAM =
            StreamDefinition.of("told", "bytes").withCapacity(64 * 1024);

    @TempDir
    Path parent;

    private final BlockingQueue<Session> found = new LinkedBlockingQueue<>();
    private final List<RingConsumer> readers = new ArrayList<>();
    private final List<ShmDataPlane> planes = new ArrayList<>();
    private RootDirectory root;
    private NodeTable nodes;
    private ShmDataPlane subscriber;

    @BeforeEach
    void open() {
        root = RootDirectory.open(parent.resolve("root"));
        nodes = NodeTable.open(root);
        subscriber = plane("subscriber");
    }

    private ShmDataPlane plane(String name) {
        ShmDataPlane plane = new ShmDataPlane(name, root, nodes, nodes.claim(name), TimeUnit.HOURS.toMillis(1));
        planes.add(plane);
        return plane;
    }

    @AfterEach
    void close() {
        planes.forEach(ShmDataPlane::close);
    }

    @Test
    void aPublicationIsFoundAfterTheStreamsDirectoryWentWhileARingOfItIsRead() throws InterruptedException {
        subscriber.watch(STREAM, new Listener());
        for (int life = 0; life < 5; life++) {
            ShmDataPlane publisher = plane("publisher");
            RingProducer ring = publisher.publish(STREAM);
            readers.add(found.take().join(true, (consumer, first, last) -> {}));
            end(ring);
            publisher.close();
            assertThat(root.stream("told").path()).doesNotExist();
        }
        readers.forEach(RingConsumer::close);
    }

    @Test
    void aPublicationIsFoundAfterOneOfTwoWhoWatchedHasGone() throws InterruptedException {
        SessionWatch first = subscriber.watch(STREAM, new Listener());
        subscriber.watch(STREAM, new Listener());
        ShmDataPlane publisher = plane("publisher");
        publisher.publish(STREAM);
        found.take();
        found.take();

        first.close();
        publisher.publish(STREAM);

        found.take();
    }

    @Test
    void aPublicationIsFoundAfterTheDirectoryOfAllStreamsWasRemoved() throws Exception {
        subscriber.watch(STREAM, new Listener());
        Files.delete(root.topics());
        awaitDirectory(root.topics());

        plane("publisher").publish(STREAM);

        found.take();
    }

    private static void awaitDirectory(Path path) throws InterruptedException {
        while (!Files.isDirectory(path)) {
            if (Thread.interrupted()) {
                throw new InterruptedException(path + " was not made anew");
            }
            Thread.onSpinWait();
        }
    }

    private static void end(RingProducer ring) {
        ring.end(EndOfStream.COMPLETE);
        ring.close();
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
