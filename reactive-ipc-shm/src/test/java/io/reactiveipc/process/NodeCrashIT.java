package io.reactiveipc.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.IpcPublication;
import io.reactiveipc.shm.crash.CrashPoint;
import io.reactiveipc.shm.crash.Victim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that are halted at every step of coming and going: the next one starts as if they had never been. */
@Timeout(300)
class NodeCrashIT {
    @RegisterExtension
    final Children children = new Children();

    @TestFactory
    Stream<DynamicTest> theNodeAfterOneThatWasHaltedAtAnyStepFindsNothingOfIt() {
        return Victim.NODE.points().stream().flatMap(point -> LongStream.rangeClosed(1, passages(point))
                .mapToObj(passage -> Survivor.test(
                        children, point.label() + ":" + passage, () -> halt(point, Long.toString(passage)))));
    }

    /** How often a node passes the point that publishes one stream, gives one signal and goes. */
    private static int passages(CrashPoint point) {
        return switch (point) {
            case FILE_CREATED, FILE_ZEROED, FILE_WRITTEN, FILE_LINKED -> 4; // node table, slot table, ring, signal
            case TOPIC_LOCKED -> 2; // of the stream, and of the signal
            default -> 1;
        };
    }

    private void halt(CrashPoint point, String passage) throws IOException {
        Path directory = Files.createDirectory(
                children.directory().resolve(point.label() + "-" + passage),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        ChildJvm victim = Survivor.launch(children, directory, point, passage);
        victim.await("ready");
        victim.begin("churn", Survivor.stream(Survivor.LENGTH));
        Survivor.assertHalted(victim);
        List<String> left = Children.files(directory);

        try (Survivor next = new Survivor(children, directory)) {
            assertThat(left)
                    .as("files that the next node found, and left")
                    .filteredOn(file -> isThere(directory, file))
                    .isSubsetOf(Children.LASTING);
            assertWorks(next);
        }
        assertThat(Children.files(directory)).isSubsetOf(Children.LASTING);
    }

    private static boolean isThere(Path directory, String file) {
        return Files.exists(directory.resolve(file));
    }

    private static void assertWorks(Survivor next) {
        Received received = next.receive(next.subscribe(), Survivor.LENGTH);
        received.request(Long.MAX_VALUE);
        IpcPublication<Long> publication = next.publish();
        publication.awaitSubscribers(1).block(Survivor.PATIENCE);
        for (long number = 0; number < 5; number++) {
            publication.emit(number).block(Survivor.PATIENCE);
        }
        publication.complete().block(Survivor.PATIENCE);
        next.node().signal("churn").block(Survivor.PATIENCE);

        assertThat(received.end()).isNull();
        assertThat(received.count()).isEqualTo(5);
    }
}
