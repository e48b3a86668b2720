package io.reactiveipc.examples.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.examples.bridge.Snapshot;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import reactor.core.Disposable;

/** The feed ends while browsers listen, in one way or another. */
@Timeout(120)
class FeedDeathIT {
    @RegisterExtension
    final Place place = Place.forEach();

    @Test
    void aConnectionGoesOnWithTheNextFeedWhenOneIsKilled() throws Exception {
        Bridge bridge = place.application();
        Process first = place.feed();
        BlockingQueue<Snapshot> browser = new LinkedBlockingQueue<>();
        Disposable connection = bridge.feed().subscribe(browser::add);
        assertThat(take(browser).pid()).isEqualTo(first.pid());
        bridge.await("peer", event -> event.get("what").asString().equals("ready")); // the two have met

        first.destroyForcibly().waitFor();

        bridge.awaitFeed("GONE");
        assertThat(bridge.await("peer", event -> event.get("what").asString().equals("crashed"))
                        .get("pid")
                        .asLong())
                .isEqualTo(first.pid());
        Process second = place.feed();
        bridge.awaitFeed("LIVE");
        Snapshot next = take(browser);
        while (next.pid() == first.pid()) {
            next = take(browser);
        }
        assertThat(next.pid()).isEqualTo(second.pid());
        assertThat(connection.isDisposed()).isFalse();
        connection.dispose();
    }

    @Test
    void aConnectionGoesOnWithTheNextFeedWhenOneEndsInOrder() throws Exception {
        Bridge bridge = place.application();
        Process first = place.feed();
        bridge.awaitFeed("LIVE");
        bridge.await("peer", event -> event.get("what").asString().equals("ready")); // the two have met

        first.destroy();

        bridge.awaitFeed("GONE");
        assertThat(bridge.await("peer", event -> event.get("what").asString().equals("left"))
                        .get("pid")
                        .asLong())
                .isEqualTo(first.pid());
        place.feed();
        bridge.awaitFeed("LIVE");
    }

    @Test
    void aCommandThatNobodyHearsIsNotTaken() throws Exception {
        Bridge bridge = place.application();
        assertUnavailable(bridge);
        Process feed = place.feed();
        bridge.awaitFeed("LIVE");

        feed.destroyForcibly().waitFor();
        bridge.awaitFeed("GONE");
        // its place as a reader of commands is freed a little later
        bridge.await("streams", view -> view.get("toProcess").get("subscribers").asInt() == 0);

        assertUnavailable(bridge);
    }

    private static void assertUnavailable(Bridge bridge) {
        String problem = bridge.requests()
                .post()
                .uri("/api/commands")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"paused\": true}")
                .exchange()
                .expectStatus()
                .isEqualTo(HttpStatus.SERVICE_UNAVAILABLE)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectHeader()
                .exists(HttpHeaders.RETRY_AFTER)
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
        assertThat(problem).contains("Command not taken", "No feed process");
    }

    @Test
    void aFeedThatIsThereIsServedAndAnotherOneLaunchedWhenItEnds() throws Exception {
        Process first = place.feed();
        place.application().awaitFeed("LIVE");
        Bridge bridge = place.application("--bridge.launch-feed=true", "--bridge.restart-after=200ms");
        bridge.awaitFeed("LIVE");
        assertThat(bridge.bean(FeedProcess.class).pid()).isEmpty();
        assertThat(bridge.feed().blockFirst(Bridge.PATIENCE).pid()).isEqualTo(first.pid());

        first.destroyForcibly().waitFor();

        long next = bridge.feed()
                .map(Snapshot::pid)
                .filter(pid -> pid != first.pid())
                .blockFirst(Bridge.PATIENCE);
        assertThat(bridge.bean(FeedProcess.class).pid()).hasValue(next);
    }

    @Test
    void aFeedThatIsStoppedIsShownAsStalledUntilItGoesOn() throws Exception {
        Bridge bridge = place.application();
        Process feed = place.feed();
        bridge.awaitFeed("LIVE");

        signal(feed, "STOP");
        bridge.awaitFeed("STALLED");
        signal(feed, "CONT");

        bridge.awaitFeed("LIVE");
    }

    private static void signal(Process process, String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static Snapshot take(BlockingQueue<Snapshot> browser) throws InterruptedException {
        Snapshot next = browser.poll(Bridge.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }
}
