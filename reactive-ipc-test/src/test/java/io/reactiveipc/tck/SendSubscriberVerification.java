package io.reactiveipc.tck;

import io.reactiveipc.IpcPublication;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.contract.LongCodec;
import io.reactiveipc.contract.Transport;
import io.reactiveipc.contract.TwoNodes;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.SubscriberBlackboxVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** The subscriber with which {@code send} takes a source. */
@Test
public final class SendSubscriberVerification extends SubscriberBlackboxVerification<Long> {
    private Transport transport;
    private TwoNodes nodes;
    private IpcPublication<Long> publication;

    public SendSubscriberVerification() {
        super(new TestEnvironment(5_000, 150, 20));
    }

    @BeforeClass
    void open() {
        transport = Transport.directory();
        nodes = TwoNodes.on(transport);
        publication = nodes.publish(StreamSpec.of("tck", LongCodec.INSTANCE).capacity(64 * 1024));
    }

    @AfterClass
    void close() {
        nodes.close();
        transport.close();
    }

    @Override
    public Subscriber<Long> createSubscriber() {
        AtomicReference<Subscriber<? super Long>> subscriber = new AtomicReference<>();
        publication.<Long>send(subscriber::set).subscribe(ignored -> {}, error -> {});
        Subscriber<? super Long> captured = Objects.requireNonNull(subscriber.get());
        @SuppressWarnings("unchecked")
        Subscriber<Long> ofLongs = (Subscriber<Long>) captured;
        return ofLongs;
    }

    @Override
    public Long createElement(int element) {
        return (long) element;
    }
}
