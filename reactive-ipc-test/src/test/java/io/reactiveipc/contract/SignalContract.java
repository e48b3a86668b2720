package io.reactiveipc.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcNode;
import io.reactiveipc.Signal;
import io.reactiveipc.spi.WaitStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

public abstract class SignalContract extends DataPlaneContract {
    @Test
    void whatComesWithoutDemandIsOneSignalWithTheCountOfAll() {
        StepVerifier.create(nodes.receiver().signals("door"), 0)
                .expectSubscription()
                .then(() -> signal(1000))
                .thenRequest(1)
                .expectNext(new Signal("door", 1000, 1000))
                .then(() -> signal(3))
                .thenRequest(1)
                .expectNext(new Signal("door", 3, 1003))
                .thenCancel()
                .verify(TwoNodes.PATIENCE);
    }

    @Test
    void countsSumUpToTheTotalWhoeverSignals() {
        List<Signal> seen = new ArrayList<>();
        StepVerifier.create(nodes.receiver().signals("door").takeUntil(signal -> signal.total() == 40_000))
                .expectSubscription()
                .then(() -> IntStream.range(0, 4)
                        .parallel()
                        .forEach(thread -> repeat(thread % 2 == 0 ? nodes.sender() : nodes.receiver(), 10_000)))
                .recordWith(() -> seen)
                .thenConsumeWhile(signal -> true)
                .expectComplete()
                .verify(TwoNodes.PATIENCE);

        assertThat(seen.stream().mapToLong(Signal::count).sum()).isEqualTo(40_000);
        assertThat(seen).allMatch(signal -> signal.count() > 0);
    }

    @Test
    void aLateListenerStartsFromNow() {
        signal(7);
        StepVerifier.create(nodes.receiver().signals("door"))
                .expectSubscription()
                .then(() -> signal(1))
                .expectNext(new Signal("door", 1, 1))
                .thenCancel()
                .verify(TwoNodes.PATIENCE);
    }

    @Test
    void namesAreKeptApartFromEachOther() {
        StepVerifier.create(nodes.receiver().signals("door"))
                .expectSubscription()
                .then(() -> nodes.sender().signal("window").block(TwoNodes.PATIENCE))
                .then(() -> signal(1))
                .expectNext(new Signal("door", 1, 1))
                .thenCancel()
                .verify(TwoNodes.PATIENCE);
    }

    @Test
    void aSleepingListenerIsWokenByTheDoorbell() {
        // Each signal is sent once the one before has been seen, so the loop sleeps in between.
        try (IpcNode sleepy =
                transport.node("sleepy").waitStrategy(WaitStrategy.blocking()).build()) {
            AtomicInteger seen = new AtomicInteger();
            StepVerifier.create(sleepy.signals("door").doOnNext(signal -> seen.incrementAndGet()))
                    .expectSubscription()
                    .then(() -> {
                        for (int i = 1; i <= 300; i++) {
                            signal(1);
                            int wanted = i;
                            TwoNodes.until("signal " + i, () -> seen.get() == wanted);
                        }
                    })
                    .expectNextCount(300)
                    .thenCancel()
                    .verify(TwoNodes.PATIENCE);
        }
    }

    @Test
    void aSignalCountsAtSubscriptionAndNotBefore() {
        StepVerifier.create(nodes.receiver().signals("door"), 0)
                .expectSubscription()
                .then(() -> {
                    Mono<Void> signal = nodes.sender().signal("door");
                    signal.block(TwoNodes.PATIENCE);
                    signal.block(TwoNodes.PATIENCE);
                })
                .thenRequest(1)
                .expectNext(new Signal("door", 2, 2))
                .thenCancel()
                .verify(TwoNodes.PATIENCE);
    }

    @Test
    void closingTheNodeEndsListening() {
        StepVerifier.create(listen(nodes.receiver()), 0)
                .expectSubscription()
                .then(nodes.receiver()::close)
                .expectErrorSatisfies(e -> code(e, ErrorCode.CLOSED))
                .verify(TwoNodes.PATIENCE);
    }

    @Test
    void aClosedNodeNeitherSignalsNorListens() {
        signal(1);
        nodes.sender().close();

        StepVerifier.create(nodes.sender().signal("door"))
                .expectErrorSatisfies(e -> code(e, ErrorCode.CLOSED))
                .verify(TwoNodes.PATIENCE);
        StepVerifier.create(nodes.sender().signal("window"))
                .expectErrorSatisfies(e -> code(e, ErrorCode.CLOSED))
                .verify(TwoNodes.PATIENCE);
        StepVerifier.create(nodes.sender().signals("door"))
                .expectErrorSatisfies(e -> code(e, ErrorCode.CLOSED))
                .verify(TwoNodes.PATIENCE);
    }

    @Test
    void operatorsAndListenersCanBeScanned() {
        Flux<Signal> signals = nodes.receiver().signals("door");
        assertThat(Scannable.from(signals).scan(Scannable.Attr.NAME)).isEqualTo("door");
        StepVerifier.create(signals, 5)
                .consumeSubscriptionWith(subscription -> {
                    Scannable receiver = Scannable.from(subscription);
                    assertThat(receiver.scan(Scannable.Attr.NAME)).isEqualTo("door");
                    assertThat(receiver.scan(Scannable.Attr.RUN_STYLE)).isEqualTo(Scannable.Attr.RunStyle.ASYNC);
                    assertThat(receiver.scan(Scannable.Attr.CANCELLED)).isFalse();
                    subscription.cancel();
                    assertThat(receiver.scan(Scannable.Attr.CANCELLED)).isTrue();
                })
                .thenCancel()
                .verify(TwoNodes.PATIENCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a/b", "a\\b", "a..b", "a\nb"})
    void namesAreCheckedAsThoseOfStreams(String name) {
        assertThatThrownBy(() -> nodes.sender().signal(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("signal name");
        assertThatThrownBy(() -> nodes.sender().signals(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("signal name");
    }

    private static Flux<Signal> listen(IpcNode node) {
        return node.signals("door");
    }

    private void signal(int count) {
        repeat(nodes.sender(), count);
    }

    private static void repeat(IpcNode node, int count) {
        for (int i = 0; i < count; i++) {
            node.signal("door").block(TwoNodes.PATIENCE);
        }
    }

    private static void code(Throwable error, ErrorCode code) {
        assertThat(error).isInstanceOfSatisfying(IpcException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }
}
