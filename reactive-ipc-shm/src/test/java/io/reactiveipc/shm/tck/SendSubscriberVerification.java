package io.reactiveipc.shm.tck;

import io.reactiveipc.IpcPublication;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.shm.bridge.LongCodec;
import io.reactiveipc.shm.bridge.TwoNodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private TwoNodes nodes;
    private IpcPublication<Long> publication;

    public SendSubscriberVerification() {
        super(new TestEnvironment(500, 150, 20));
    }

    @BeforeClass
    void open() {
        try {
            nodes = TwoNodes.in(Files.createTempDirectory(Path.of(System.getProperty("tck.directory")), "send"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        publication = nodes.publish(StreamSpec.of("tck", LongCodec.INSTANCE).capacity(64 * 1024));
    }

    @AfterClass
    void close() {
        nodes.close();
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
