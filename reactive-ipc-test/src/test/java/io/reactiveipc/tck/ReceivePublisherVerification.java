package io.reactiveipc.tck;

import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.contract.LongCodec;
import io.reactiveipc.contract.Transport;
import io.reactiveipc.contract.TwoNodes;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** {@code receive()} of one node, fed by a publication of another. */
@Test
public final class ReceivePublisherVerification extends PublisherVerification<Long> {
    private final Queue<Disposable> sends = new ConcurrentLinkedQueue<>();
    private final AtomicInteger streams = new AtomicInteger();
    private Transport transport;
    private TwoNodes nodes;

    public ReceivePublisherVerification() {
        super(new TestEnvironment(5_000, 150, 20), 500);
    }

    @BeforeClass
    void openNodes() {
        transport = Transport.directory();
        nodes = TwoNodes.on(transport);
    }

    /**
     * Only the sending stops. What closes a stream signals its subscribers, and a signal to one that a test left behind
     * would count as an error of the next test: the environment is one for all.
     */
    @AfterMethod
    void stopSending() {
        for (Disposable send = sends.poll(); send != null; send = sends.poll()) {
            send.dispose();
        }
    }

    @AfterClass
    void closeNodes() {
        nodes.close();
        transport.close();
    }

    private StreamSpec<Long> newStream() {
        return StreamSpec.of("tck-" + streams.incrementAndGet(), LongCodec.INSTANCE)
                .capacity(64 * 1024);
    }

    /** Each subscriber gets a stream of its own, or it would miss what was sent before it came. */
    @Override
    public Publisher<Long> createPublisher(long elements) {
        return Flux.defer(() -> {
            StreamSpec<Long> spec = newStream();
            IpcPublication<Long> publication = nodes.publish(spec);
            IpcSubscription<Long> subscription = nodes.subscribe(spec);
            sends.add(publication
                    .awaitSubscribers(1)
                    .then(publication.send(
                            Flux.fromStream(() -> LongStream.range(0, elements).boxed())))
                    .then(publication.complete())
                    .subscribe());
            return subscription.receive();
        });
    }

    @Override
    public Publisher<Long> createFailedPublisher() {
        IpcSubscription<Long> subscription = nodes.subscribe(newStream());
        subscription.dispose();
        return subscription.receive();
    }
}
