package io.reactiveipc.internal.send;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/** An {@code emit}: one message that is written in its turn, or withdrawn. */
final class OneMessage<T> implements Writer {
    private final RingPublication<T> publication;
    private final T value;
    private final MonoSink<Void> sink;
    private volatile boolean withdrawn;
    private @Nullable Throwable failure;

    OneMessage(RingPublication<T> publication, T value, MonoSink<Void> sink) {
        this.publication = publication;
        this.value = value;
        this.sink = sink;
        sink.onCancel(() -> withdrawn = true);
    }

    @Override
    public Outcome write() {
        if (withdrawn) {
            return Outcome.DONE;
        }
        try {
            return publication.write(value) ? Outcome.DONE : Outcome.NO_ROOM;
        } catch (Throwable e) {
            failure = e;
            return Outcome.DONE;
        }
    }

    @Override
    public void written() {
        if (failure == null) {
            sink.success();
        } else {
            sink.error(failure);
        }
    }

    @Override
    public void refused(RuntimeException reason) {
        sink.error(reason);
    }
}
