package io.reactiveipc.examples.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.examples.bridge.Snapshot;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The application is stopped while browsers listen. */
@Timeout(120)
class StopIT {
    @RegisterExtension
    final Place place = Place.forEach();

    @Test
    void openResponsesEndInOrderAndNoFileIsLeft() throws Exception {
        Bridge bridge = place.application("--bridge.launch-feed=true");
        CountDownLatch listening = new CountDownLatch(1);
        CountDownLatch completed = new CountDownLatch(1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        bridge.feed().doOnNext(s -> listening.countDown()).subscribe(s -> {}, failure::set, completed::countDown);
        assertThat(listening.await(60, TimeUnit.SECONDS)).isTrue();
        long feed = bridge.bean(FeedProcess.class).pid().orElseThrow();

        bridge.stop();

        assertThat(completed.await(60, TimeUnit.SECONDS))
                .as("completed, and not " + failure.get())
                .isTrue();
        assertThat(ProcessHandle.of(feed).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(place.leftovers()).isEmpty();
    }

    @Test
    void aBrowserThatDoesNotReadIsNotWaitedForForever() throws Exception {
        Bridge bridge =
                place.application("--bridge.launch-feed=true", "--spring.lifecycle.timeout-per-shutdown-phase=1s");
        bridge.awaitFeed("LIVE");
        try (SocketChannel stuck = SocketChannel.open(new InetSocketAddress("127.0.0.1", bridge.port()))) {
            stuck.write(ByteBuffer.wrap(
                    "GET /api/feed HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            Snapshot seen = bridge.feed().blockFirst(Bridge.PATIENCE);
            assertThat(seen).isNotNull();

            bridge.stop();

            assertThat(place.leftovers()).isEmpty();
        }
    }
}
