package io.reactiveipc.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.reactiveipc.process.ChildJvm;
import io.reactiveipc.process.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A directory whose path is far too long for the address of a socket. */
@Timeout(120)
class LongDirectoryIT {
    @RegisterExtension
    final Children children = new Children();

    @Test
    void streamsAndEventsWorkInItAndNothingIsLeftThere() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/tmp")), "needs a temporary directory with a short path");
        Path temporary = Files.createDirectory(
                Path.of("/tmp", Long.toString(ThreadLocalRandom.current().nextLong(50_000, 1_600_000), 36)));
        Path directory = children.directory().resolve("d".repeat(150));
        List<String> prefix = List.of("env", "JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=" + temporary);
        ChildJvm publisher = Children.open(children.launch("publisher", directory, prefix));
        ChildJvm subscriber = Children.open(children.launch("subscriber", directory, prefix));
        publisher.ask("publish", "stream", "long", "capacity", 65536);
        Watched events = Watched.of(publisher, "publication");
        subscriber.ask("subscribe", "stream", "long");
        subscriber.ask("receive");
        events.until("Ready:subscriber/long");
        publisher.ask("send", "count", 5_000);
        publisher.await("sent");
        subscriber.askUntil("receiver", line -> line.number("count") == 5_000);
        assertThat(names(directory.resolve("ctl")))
                .filteredOn(name -> name.endsWith(".sock"))
                .hasSize(2);
        assertThat(names(directory.resolve("ctl")))
                .filteredOn(name -> name.endsWith("-0.bell"))
                .hasSize(2);

        subscriber.kill();
        events.until("Crashed:subscriber");
        publisher.ask("close");
        publisher.end();

        assertThat(names(directory.resolve("ctl"))).isEmpty();
        try (Stream<Path> links = Files.walk(temporary)) {
            for (Path path : links.sorted((a, b) -> b.compareTo(a)).toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .isNotNull();
                Files.delete(path);
            }
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }
}
