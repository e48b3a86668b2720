package io.reactiveipc.internal.send;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** A publication as Reactor's sink. Unlike the sinks of Reactor, it survives an overflow in {@code emitNext}. */
final class PublicationSink<T> implements Sinks.Many<T> {
    private final RingPublication<T> publication;

    PublicationSink(RingPublication<T> publication) {
        this.publication = publication;
    }

    @Override
    public Sinks.EmitResult tryEmitNext(T value) {
        return publication.tryEmit(value);
    }

    @Override
    public Sinks.EmitResult tryEmitComplete() {
        return tryEnd(null);
    }

    @Override
    public Sinks.EmitResult tryEmitError(Throwable error) {
        return tryEnd(error);
    }

    private Sinks.EmitResult tryEnd(@Nullable Throwable error) {
        if (publication.isDisposed()) {
            return Sinks.EmitResult.FAIL_TERMINATED;
        }
        (error == null ? publication.complete() : publication.error(error)).subscribe();
        return Sinks.EmitResult.OK;
    }

    @Override
    public void emitNext(T value, Sinks.EmitFailureHandler failureHandler) {
        Sinks.EmitResult result = tryEmitNext(value);
        while (result.isFailure()) {
            if (!failureHandler.onEmitFailure(reactor.core.publisher.SignalType.ON_NEXT, result)) {
                throw new Sinks.EmissionException(
                        result,
                        "stream \"" + publication.stream() + "\" did not take the message: " + result
                                + "; the stream goes on, emit it again or drop it");
            }
            result = tryEmitNext(value);
        }
    }

    @Override
    public void emitComplete(Sinks.EmitFailureHandler failureHandler) {
        tryEmitComplete().orThrow();
    }

    @Override
    public void emitError(Throwable error, Sinks.EmitFailureHandler failureHandler) {
        tryEmitError(error).orThrow();
    }

    @Override
    public int currentSubscriberCount() {
        return publication.subscriberCount();
    }

    @Override
    public Flux<T> asFlux() {
        return Flux.error(() -> new UnsupportedOperationException("the readers of stream \"" + publication.stream()
                + "\" are in other processes; subscribe to it through an IpcNode"));
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        return key == Attr.PARENT ? publication : publication.scanUnsafe(key);
    }
}
