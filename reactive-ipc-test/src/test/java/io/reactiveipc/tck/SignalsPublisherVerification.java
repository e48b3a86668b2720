package io.reactiveipc.tck;

import io.reactiveipc.IpcNode;
import io.reactiveipc.Signal;
import io.reactiveipc.contract.Transport;
import io.reactiveipc.contract.TwoNodes;
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
    private Transport transport;
    private TwoNodes nodes;

    public SignalsPublisherVerification() {
        super(new TestEnvironment(5_000, 150, 20), 500);
    }

    @BeforeClass
    void openNodes() {
        transport = Transport.directory();
        nodes = TwoNodes.on(transport);
    }

    @AfterClass
    void closeNodes() {
        nodes.close();
        transport.close();
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
        IpcNode closed = transport.node("closed").build();
        closed.close();
        return closed.signals("tck").map(Signal::total);
    }
}
