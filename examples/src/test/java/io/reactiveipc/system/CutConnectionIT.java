package io.reactiveipc.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.process.PeerLog;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** A control connection that breaks is made anew; data does not care. */
@Timeout(60)
class CutConnectionIT {
    private static final StreamSpec<String> STREAM = StreamSpec.of("cut", Codec.utf8());
    private static final String CONNECTED = "Connected:publisher";
    private static final String READY = "Ready:subscriber/cut";
    private static final String LEFT = "Left:subscriber(closed)";
    private static final int CUTS = 20;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    private final AtomicLong received = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();

    @Test
    void cutsAreMendedAndNobodyHearsOfThem() throws Exception {
        try (Relay relay = new Relay(nodes.directory().resolve("relay"))) {
            IpcNode publisher = nodes.open("publisher");
            relay.connectTo(onlySocket());
            IpcPublication<String> publication = publisher.publish(STREAM).block();
            PeerLog ofSubscriber = PeerLog.of(publication.events());
            IpcNode subscriber = nodes.open("subscriber", builder -> builder.controlPlane(relay.provider()));
            IpcSubscription<String> subscription = subscriber.subscribe(STREAM).block();
            PeerLog ofPublisher = PeerLog.of(subscription.events());
            receive(subscription);
            ofSubscriber.await(READY, 1);
            Disposable sending = sendWithoutEnd(publication);

            for (int cut = 1; cut <= CUTS; cut++) {
                relay.awaitConnections(cut);
                relay.cut();
                awaitMessages(1_000);
            }
            relay.awaitConnections(CUTS + 1);

            sending.dispose();
            publication.drained().block();
            // What a cut delayed would be told behind this, which goes the same way.
            subscriber.close();
            ofSubscriber.await(LEFT, 1);
            assertThat(wrong).hasValue(0);
            assertThat(ofSubscriber.changes())
                    // told of the closing, or found out at the last handshake; one before it would have a second Ready
                    // behind
                    .filteredOn(word -> !word.startsWith("NotReady:subscriber/cut("))
                    .containsExactly(READY, LEFT);
            assertThat(ofPublisher.changes()).containsExactly(CONNECTED);
        }
    }

    @Test
    void whatChangedWhileTheConnectionWasBrokenIsToldAfterwards() throws Exception {
        try (Relay relay = new Relay(nodes.directory().resolve("relay"))) {
            IpcNode publisher = nodes.open("publisher");
            Path socket = onlySocket();
            relay.connectTo(socket);
            IpcPublication<String> publication = publisher.publish(STREAM).block();
            PeerLog events = PeerLog.of(publication.events());
            IpcNode subscriber = nodes.open("subscriber", builder -> builder.controlPlane(relay.provider()));
            Disposable receiving = receive(subscriber.subscribe(STREAM).block());
            events.await(READY, 1);

            relay.sever();
            receiving.dispose();
            relay.connectTo(socket);

            events.await("NotReady:subscriber/cut(ended while the connection was broken)", 1);
            subscriber.close();
            events.await(LEFT, 1);
            assertThat(events.changes()).hasSize(3);
        }
    }

    @Test
    void aConnectionThatStaysBrokenIsStalenessAndNoDeath() throws Exception {
        try (Relay relay = new Relay(nodes.directory().resolve("relay"))) {
            IpcNode publisher = nodes.open("publisher", CutConnectionIT::fastHeartbeats);
            Path socket = onlySocket();
            relay.connectTo(socket);
            IpcPublication<String> publication = publisher.publish(STREAM).block();
            PeerLog ofSubscriber = PeerLog.of(publication.events());
            IpcNode subscriber = nodes.open("subscriber", builder -> {
                fastHeartbeats(builder);
                builder.controlPlane(relay.provider());
            });
            IpcSubscription<String> subscription = subscriber.subscribe(STREAM).block();
            PeerLog ofPublisher = PeerLog.of(subscription.events());
            receive(subscription);
            ofSubscriber.await(READY, 1);
            Disposable sending = sendWithoutEnd(publication);

            relay.sever();
            ofSubscriber.await("Stale:subscriber", 1);
            ofPublisher.await("Stale:publisher", 1);
            awaitMessages(10_000);
            relay.connectTo(socket);

            ofSubscriber.await("Recovered:subscriber", 1);
            ofPublisher.await("Recovered:publisher", 1);
            awaitMessages(10_000);
            sending.dispose();
            subscriber.close();
            ofSubscriber.await(LEFT, 1);
            assertThat(wrong).hasValue(0);
            assertThat(ofPublisher.changes()).containsExactly(CONNECTED, "Stale:publisher", "Recovered:publisher");
            assertThat(ofSubscriber.changes())
                    .filteredOn(word -> !word.equals("NotReady:subscriber/cut(cancelled)"))
                    .containsExactly(READY, "Stale:subscriber", "Recovered:subscriber", LEFT);
        }
    }

    @Test
    void nodesGoOnWithoutTheDirectoryOfTheirSocketsAndNewOnesMakeItAnew() throws Exception {
        IpcNode publisher = nodes.open("publisher");
        IpcPublication<String> publication = publisher.publish(STREAM).block();
        PeerLog events = PeerLog.of(publication.events());
        IpcNode subscriber = nodes.open("subscriber");
        receive(subscriber.subscribe(STREAM).block());
        events.await(READY, 1);
        Disposable sending = sendWithoutEnd(publication);

        Path sockets = nodes.directory().resolve("ctl");
        remove(sockets);
        awaitMessages(10_000);
        IpcNode other = nodes.open("other publisher");
        StreamSpec<String> second = StreamSpec.of("second", Codec.utf8());
        IpcPublication<String> otherPublication = other.publish(second).block();
        PeerLog otherEvents = PeerLog.of(otherPublication.events());
        subscriber.subscribe(second).block().receive().onErrorComplete().subscribe();
        otherEvents.await("Ready:subscriber/second", 1);
        sending.dispose();
        subscriber.close();

        events.await(LEFT, 1);
        otherEvents.await(LEFT, 1);
        assertThat(wrong).hasValue(0);
    }

    private static void fastHeartbeats(IpcNode.Builder builder) {
        builder.heartbeat(Duration.ofMillis(50)).staleAfter(Duration.ofSeconds(2));
    }

    /** With all that is in it, again if a node has made its socket anew meanwhile. */
    private static void remove(Path sockets) throws IOException {
        while (true) {
            try (Stream<Path> files = Files.list(sockets)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            try {
                Files.delete(sockets);
                return;
            } catch (DirectoryNotEmptyException e) {
                if (Thread.interrupted()) {
                    throw e;
                }
            }
        }
    }

    private Path onlySocket() throws IOException {
        try (Stream<Path> files = Files.list(nodes.directory().resolve("ctl"))) {
            List<Path> sockets =
                    files.filter(file -> file.toString().endsWith(".sock")).toList();
            assertThat(sockets).hasSize(1);
            return sockets.get(0);
        }
    }

    /** On a thread of its own: whoever subscribes writes until the ring is full, which it need not ever be. */
    private static Disposable sendWithoutEnd(IpcPublication<String> publication) {
        Flux<String> numbers = Flux.generate(() -> 0L, (number, sink) -> {
            sink.next(Long.toString(number));
            return number + 1;
        });
        return publication
                .send(numbers)
                .onErrorComplete()
                .subscribeOn(Schedulers.boundedElastic())
                .subscribe();
    }

    private Disposable receive(IpcSubscription<String> subscription) {
        return subscription.receive().onErrorComplete().subscribe(number -> {
            if (Long.parseLong(number) != received.getAndIncrement()) {
                wrong.incrementAndGet();
            }
        });
    }

    private void awaitMessages(long more) {
        long enough = received.get() + more;
        while (received.get() < enough) {
            if (Thread.interrupted()) {
                throw new AssertionError("no more than " + received + " messages");
            }
            Thread.onSpinWait();
        }
    }
}
