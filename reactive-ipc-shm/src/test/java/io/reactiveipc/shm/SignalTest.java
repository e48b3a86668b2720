package io.reactiveipc.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcNode;
import io.reactiveipc.Signal;
import io.reactiveipc.shm.segment.RootDirectory;
import io.reactiveipc.shm.segment.SignalFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.test.StepVerifier;

/** Who listens to a signal, and how long its counter lasts, as its file tells. */
@Timeout(120)
class SignalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    private final AtomicInteger begun = new AtomicInteger();
    private IpcNode sender;
    private IpcNode receiver;

    @BeforeEach
    void openNodes() {
        sender = IpcNode.builder()
                .name("sender")
                .directory(directory.resolve("rings"))
                .build();
        receiver = IpcNode.builder()
                .name("receiver")
                .directory(directory.resolve("rings"))
                .build();
    }

    @AfterEach
    void closeNodes() {
        receiver.close();
        sender.close();
        Hooks.resetOnErrorDropped();
    }

    @Test
    void aSignalReachesEveryListenerOfEveryNode() {
        StepVerifier.create(Flux.merge(listen(sender), listen(receiver), listen(receiver))
                        .take(3))
                .expectSubscription()
                .then(() -> {
                    untilBegun(3);
                    signal();
                })
                .expectNext(new Signal("door", 1, 1), new Signal("door", 1, 1), new Signal("door", 1, 1))
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void theSixtyFifthListenerIsRefusedUntilOneCancels() {
        Disposable first = listen(receiver).subscribe();
        for (int i = 1; i < 64; i++) {
            listen(i % 2 == 0 ? receiver : sender).subscribe();
        }
        untilListening(64);

        StepVerifier.create(listen(receiver))
                .expectErrorSatisfies(e -> code(e, ErrorCode.TOO_MANY_SUBSCRIBERS))
                .verify(PATIENCE);
        first.dispose();
        untilListening(63);
        StepVerifier.create(listen(receiver))
                .expectSubscription()
                .then(() -> signal())
                .expectNext(new Signal("door", 1, 1))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void theCounterGoesWithTheLastNodeThatUsedIt() {
        signal();
        StepVerifier.create(listen(receiver)).expectSubscription().thenCancel().verify(PATIENCE);
        assertThat(files()).hasSize(1);

        sender.close();
        assertThat(files()).hasSize(1);
        receiver.close();
        assertThat(files()).isEmpty();
    }

    @Test
    void aListenerThatThrowsIsDroppedAndTheOthersGoOn() {
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        listen(receiver).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(Signal signal) {
                throw new IllegalStateException("mine");
            }

            @Override
            protected void hookOnError(Throwable error) {
                // told to it as its own failure
            }
        });
        StepVerifier.create(listen(receiver))
                .expectSubscription()
                .then(() -> {
                    untilBegun(2);
                    signal();
                })
                .expectNext(new Signal("door", 1, 1))
                .then(() -> untilListening(1))
                .thenCancel()
                .verify(PATIENCE);
    }

    private Flux<Signal> listen(IpcNode node) {
        return node.signals("door").doOnSubscribe(subscription -> begun.incrementAndGet());
    }

    private void signal() {
        sender.signal("door").block(PATIENCE);
    }

    /** Until signals count for so many: each has had its place before. */
    private void untilBegun(int count) {
        until(count + " have begun", () -> begun.get() == count);
    }

    private void untilListening(int count) {
        until(count + " listen", () -> files().size() == 1 && Listeners.count(files().get(0)) == count);
    }

    private static void until(String what, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new AssertionError("waited in vain until " + what);
            }
            Thread.onSpinWait();
        }
    }

    private List<Path> files() {
        return SignalFile.in(RootDirectory.open(directory.resolve("rings")));
    }

    private static void code(Throwable error, ErrorCode code) {
        assertThat(error).isInstanceOfSatisfying(IpcException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }
}
