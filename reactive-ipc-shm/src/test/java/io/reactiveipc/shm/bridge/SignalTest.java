package io.reactiveipc.shm.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcNode;
import io.reactiveipc.Signal;
import io.reactiveipc.shm.segment.RootDirectory;
import io.reactiveipc.shm.segment.SignalFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.test.StepVerifier;

class SignalTest extends OnTwoNodes {
    @Test
    void aSignalReachesEveryListenerOfEveryNode() {
        StepVerifier.create(Flux.merge(listen(nodes.sender()), listen(nodes.receiver()), listen(nodes.receiver()))
                        .take(3))
                .expectSubscription()
                .then(() -> {
                    untilListening(3);
                    signal(1);
                })
                .expectNext(new Signal("door", 1, 1), new Signal("door", 1, 1), new Signal("door", 1, 1))
                .expectComplete()
                .verify(TwoNodes.PATIENCE);
    }

    @Test
    void theSixtyFifthListenerIsRefusedUntilOneCancels() {
        Disposable first = listen(nodes.receiver()).subscribe();
        for (int i = 1; i < 64; i++) {
            listen(i % 2 == 0 ? nodes.receiver() : nodes.sender()).subscribe();
        }
        untilListening(64);

        StepVerifier.create(listen(nodes.receiver()))
                .expectErrorSatisfies(e -> code(e, ErrorCode.TOO_MANY_SUBSCRIBERS))
                .verify(TwoNodes.PATIENCE);
        first.dispose();
        untilListening(63);
        StepVerifier.create(listen(nodes.receiver()))
                .expectSubscription()
                .then(() -> signal(1))
                .expectNext(new Signal("door", 1, 1))
                .thenCancel()
                .verify(TwoNodes.PATIENCE);
    }

    @Test
    void theCounterGoesWithTheLastNodeThatUsedIt() {
        signal(1);
        StepVerifier.create(listen(nodes.receiver()))
                .expectSubscription()
                .thenCancel()
                .verify(TwoNodes.PATIENCE);
        assertThat(files()).hasSize(1);

        nodes.sender().close();
        assertThat(files()).hasSize(1);
        nodes.receiver().close();
        assertThat(files()).isEmpty();
    }

    @Test
    void aListenerThatThrowsIsDroppedAndTheOthersGoOn() {
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        listen(nodes.receiver()).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(Signal signal) {
                throw new IllegalStateException("mine");
            }

            @Override
            protected void hookOnError(Throwable error) {
                // told to it as its own failure
            }
        });
        StepVerifier.create(listen(nodes.receiver()))
                .expectSubscription()
                .then(() -> {
                    untilListening(2);
                    signal(1);
                })
                .expectNext(new Signal("door", 1, 1))
                .then(() -> untilListening(1))
                .thenCancel()
                .verify(TwoNodes.PATIENCE);
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

    private void untilListening(int count) {
        TwoNodes.until(count + " listen", () -> files().size() == 1 && Listeners.count(files().get(0)) == count);
    }

    private List<Path> files() {
        return SignalFile.in(RootDirectory.open(directory.resolve("rings")));
    }

    private static void code(Throwable error, ErrorCode code) {
        assertThat(error).isInstanceOfSatisfying(IpcException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }
}
