package io.reactiveipc.test;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.PublisherLostException;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.test.junit.InMemory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.test.StepVerifier;

/** The README's snippet. */
@Timeout(60)
@InMemory
class PricesTest {
    @Test
    void whatWasSentArrivesAndThenTheCrashIsHeardOf(InMemoryHost host, IpcNode feed, IpcNode screen) {
        StreamSpec<String> prices = StreamSpec.of("prices", Codec.utf8());
        IpcPublication<String> publication = feed.publish(prices).block();

        StepVerifier.create(screen.subscribe(prices).flatMapMany(IpcSubscription::receive))
                .then(() -> publication
                        .awaitSubscribers(1)
                        .then(publication.emit("12.50"))
                        .block())
                .expectNext("12.50")
                .then(() -> host.faults(feed).crash())
                .expectError(PublisherLostException.class)
                .verify(Duration.ofSeconds(10));
    }
}
