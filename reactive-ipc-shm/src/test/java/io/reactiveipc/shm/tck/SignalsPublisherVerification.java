package io.reactiveipc.shm.tck;

import io.reactiveipc.IpcNode;
import io.reactiveipc.Signal;
import io.reactiveipc.shm.bridge.TwoNodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** {@code signals()} of one node, numbered, while another one signals without end. */
@Test
public final class SignalsPublisherVerification extends PublisherVerification<Long> {
    private final AtomicInteger names = new AtomicInteger();
    private TwoNodes nodes;

    public SignalsPublisherVerification() {
        super(new TestEnvironment(500, 150, 20), 500);
    }

    @BeforeClass
    void openNodes() {
        try {
            nodes = TwoNodes.in(Files.createTempDirectory(Path.of(System.getProperty("tck.directory")), "signals"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterClass
    void closeNodes() {
        nodes.close();
    }

    @Override
    public Publisher<Long> createPublisher(long elements) {
        return Flux.defer(() -> {
            String name = "tck-" + names.incrementAndGet();
            Disposable signaller = Flux.interval(Duration.ofMillis(1))
                    .onBackpressureDrop()
                    .concatMap(tick -> nodes.sender().signal(name))
                    .subscribe();
            return nodes.receiver()
                    .signals(name)
                    .index((index, signal) -> index)
                    .take(elements)
                    .doFinally(end -> signaller.dispose());
        });
    }

    @Override
    public Publisher<Long> createFailedPublisher() {
        IpcNode closed = IpcNode.builder()
                .directory(Path.of(System.getProperty("tck.directory")).resolve("closed"))
                .build();
        closed.close();
        return closed.signals("tck").map(Signal::total);
    }
}
