package io.reactiveipc.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.Codec;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.internal.node.PeerLink;
import io.reactiveipc.internal.poll.PollLoop;
import io.reactiveipc.spi.DataPlane;
import io.reactiveipc.spi.Doorbell;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.Session;
import io.reactiveipc.spi.SessionWatch;
import io.reactiveipc.spi.WaitStrategy;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;

/** What threads that meet do to the list of receivers, with the instants chosen. Rings are stand-ins here that are always empty. */
@Timeout(60)
class RingSubscriptionTest {
    private static final UUID NODE = new UUID(0, 1);

    private final AtomicInteger joined = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    /** Answers by the name of the method, in no other way: nothing else is to be asked. */
    private static <T> T standIn(Class<T> type, Map<String, Supplier<Object>> answers) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (!answers.containsKey(method.getName())) {
                        throw new AssertionError("not expected: " + method);
                    }
                    return answers.get(method.getName()).get();
                }));
    }

    private RingConsumer emptyRing() {
        return standIn(
                RingConsumer.class,
                Map.of(
                        "poll",
                        () -> RingConsumer.EMPTY,
                        "position",
                        () -> 0L,
                        "capacity",
                        () -> 4096,
                        "member",
                        () -> null,
                        "close",
                        () -> {
                            closed.incrementAndGet();
                            return null;
                        }));
    }

    private static void cancelAndComeToTheMonitor(Disposable receiver) {
        Thread thread = new Thread(receiver::dispose, "cancels");
        thread.start();
        while (thread.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whoIsCancelledWhileAPublicationIsFoundIsInNobodysWay() {
        DataPlane plane = standIn(
                DataPlane.class, Map.of("watch", () -> standIn(SessionWatch.class, Map.of()), "self", () -> null));
        PeerLink peers = new PeerLink(
                plane, null, new PeerLink.Options(Duration.ofSeconds(1), Duration.ofSeconds(1), null), () -> {}, null);
        PollLoop loop = new PollLoop(
                "not started",
                0,
                WaitStrategy.adaptive(),
                (index, thread) -> standIn(Doorbell.class, Map.of("ring", () -> null)));
        RingSubscription<String> subscription =
                RingSubscription.open(StreamSpec.of("found", Codec.utf8()), plane, loop, peers, ended -> {});
        List<Disposable> receivers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            receivers.add(subscription.receive().subscribe());
        }
        Session session = standIn(Session.class, Map.of("ended", () -> false, "node", () -> NODE, "join", () -> {
            if (joined.incrementAndGet() == 1) { // inside the monitor
                cancelAndComeToTheMonitor(receivers.get(1));
            }
            return emptyRing();
        }));

        subscription.onSession(session);

        assertThat(joined.get()).isEqualTo(4);
        assertThat(closed.get()).as("of the one that was cancelled").isEqualTo(1);
        assertThat(subscription.publicationCount()).isEqualTo(1);
    }
}
