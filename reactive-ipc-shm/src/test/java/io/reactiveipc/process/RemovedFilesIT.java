package io.reactiveipc.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Names that somebody removes while nodes live: a log-out that clears shared memory, a cleaner of temporary files, rm. */
@Timeout(120)
class RemovedFilesIT {
    @RegisterExtension
    final Children children = new Children();

    private void remove(String ending) throws IOException {
        int removed = 0;
        for (String name : children.files()) {
            if (name.endsWith(ending)) {
                Files.delete(children.directory().resolve(name));
                removed++;
            }
        }
        assertThat(removed).as(ending).isPositive();
    }

    @Test
    void aRingWithoutANameServesThoseWhoHaveItAndTheNextPublicationServesAll() throws IOException {
        List<ChildJvm> jvms = children.start("publisher", "subscriber", "late subscriber", "next publisher");
        ChildJvm publisher = jvms.get(0);
        ChildJvm subscriber = jvms.get(1);
        ChildJvm late = jvms.get(2);
        publisher.ask("publish", "stream", "removed", "capacity", 65536);
        subscriber.ask("subscribe", "stream", "removed");
        subscriber.ask("receive");
        publisher.ask("await", "subscribers", 1);
        publisher.ask("send", "count", 1_000);
        publisher.await("sent");

        Path topic = children.topic("removed");
        remove(".ring");
        remove(".subs");
        Files.deleteIfExists(topic); // unless a node has cleared it away already
        publisher.ask("send", "count", 5_000);
        long sum = publisher.await("sent").number("sum");

        assertThat(subscriber
                        .askUntil("receiver", line -> line.number("count") == 6_000)
                        .number("sum.1"))
                .isEqualTo(sum);
        late.ask("subscribe", "stream", "removed");
        late.ask("receive");
        assertThat(late.ask("receiver").number("publications")).isZero();

        ChildJvm next = jvms.get(3);
        next.ask("publish", "stream", "removed", "seed", 2, "capacity", 65536);
        next.ask("await", "subscribers", 2);
        next.ask("send", "count", 1_000);
        next.await("sent");
        late.askUntil("receiver", line -> line.number("next.2", 0) == 1_000);
        subscriber.askUntil("receiver", line -> line.number("next.2", 0) == 1_000);
        publisher.ask("complete");
        next.ask("complete");
        publisher.ask("close");
        assertThat(subscriber.ask("receiver").number("next.1")).isEqualTo(6_000);
    }

    @Test
    void aDoorbellThatIsGoneCostsAPartOfABoundedSleepAndNoMessage() throws IOException {
        List<ChildJvm> jvms = children.start("subscriber", "publisher");
        ChildJvm subscriber = jvms.get(0);
        ChildJvm publisher = jvms.get(1);
        subscriber.ask("subscribe", "stream", "unheard");
        subscriber.ask("receive");
        publisher.ask("publish", "stream", "unheard", "capacity", 65536);
        publisher.ask("await", "subscribers", 1);

        remove(".bell"); // before anybody has rung, so that nobody has a connection yet

        for (int message = 1; message <= 20; message++) {
            int count = message;
            publisher.ask("send", "count", 1);
            publisher.await("sent");
            subscriber.askUntil("receiver", line -> line.number("count") == count);
        }
        // Room given back is rung for as well.
        publisher.ask("send", "count", 5_000);
        publisher.await("sent");
        subscriber.askUntil("receiver", line -> line.number("count") == 5_020);
    }
}
