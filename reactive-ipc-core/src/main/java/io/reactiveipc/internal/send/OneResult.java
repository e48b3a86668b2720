package io.reactiveipc.internal.send;

import io.reactiveipc.PublishResult;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/** A {@code publish}: one message in its turn, and what became of it. */
final class OneResult<T> implements Writer {
    private final RingPublication<T> publication;
    private final T value;
    private final MonoSink<PublishResult> sink;
    private volatile boolean withdrawn;
    private @Nullable PublishResult result;
    private @Nullable Throwable failure;

    OneResult(RingPublication<T> publication, T value, MonoSink<PublishResult> sink) {
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
            PublishResult.Outcome outcome = publication.attempt(value);
            if (outcome == PublishResult.Outcome.NO_ROOM && publication.waitsForRoom()) {
                return Outcome.NO_ROOM;
            }
            result = publication.result(value, outcome);
        } catch (Throwable e) {
            failure = e;
        }
        return Outcome.DONE;
    }

    @Override
    public void written() {
        if (failure != null) {
            sink.error(failure);
        } else if (result != null) {
            sink.success(result);
        }
    }

    @Override
    public void refused(RuntimeException reason) {
        sink.error(reason);
    }
}
