package io.reactiveipc.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A process that may open no more files. */
@Timeout(120)
class FewFilesIT {
    private static final String REASON = "Too many open files";

    @RegisterExtension
    final Children children = new Children();

    @Test
    void whatIsOpenGoesOnAndWhatIsNotIsRefusedWithoutLeavingAnything() {
        ChildJvm crowded =
                Children.open(children.launch("crowded", List.of("sh", "-c", "ulimit -n 256 && exec \"$@\"", "sh")));
        ChildJvm other = children.start("other");
        // Everything once, while classes can be loaded.
        crowded.askInVain("publish", "stream", "x", "capacity", 3);
        stream(other, crowded, "warm-up");
        other.ask("complete");
        crowded.await("ended");
        crowded.ask("close");
        crowded.ask("open");
        stream(crowded, other, "before");
        List<String> files = children.files();

        crowded.ask("exhaust");
        crowded.await("exhausted");

        for (String word : List.of("publish", "subscribe", "open")) {
            Line refused = crowded.askInVain(word, "stream", "meanwhile", "name", "meanwhile");
            assertThat(refused.text("message", refused.toString())).contains(REASON);
            assertThat(refused.text("code")).isIn("STORAGE", "DIRECTORY");
        }
        assertThat(children.files()).hasSameElementsAs(files);
        crowded.ask("send", "count", 1_000);
        crowded.await("sent");
        other.askUntil("receiver", line -> line.number("count") == 2_000);

        crowded.ask("relent");
        stream(crowded, other, "meanwhile");
    }

    private static void stream(ChildJvm publisher, ChildJvm subscriber, String stream) {
        publisher.ask("publish", "stream", stream, "capacity", 65536);
        subscriber.ask("subscribe", "stream", stream);
        subscriber.ask("receive");
        publisher.ask("await", "subscribers", 1);
        publisher.ask("send", "count", 1_000);
        publisher.await("sent");
        subscriber.askUntil("receiver", line -> line.number("count") == 1_000);
    }
}
