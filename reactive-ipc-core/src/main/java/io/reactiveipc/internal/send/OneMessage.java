package io.reactiveipc.internal.send;

import io.reactiveipc.PublishResult;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * An {@code emit} or a {@code publish}: one message that is written in its turn, or withdrawn.
 *
 * @param <R> what its user is told of it
 */
final class OneMessage<T, R> implements Writer {
    /** What came of a message that does not wait any longer. Called inside the turnstile; what it throws is told instead. */
    private interface Answer<T, R> {
        @Nullable
        R to(MessageEncoder<T> publication, T value, PublishResult.Outcome outcome);
    }

    private final MessageEncoder<T> publication;
    private final T value;
    private final MonoSink<R> sink;
    private final Answer<T, R> answer;
    private volatile boolean withdrawn;
    private @Nullable R answered;
    private @Nullable Throwable failure;

    private OneMessage(MessageEncoder<T> publication, T value, MonoSink<R> sink, Answer<T, R> answer) {
        this.publication = publication;
        this.value = value;
        this.sink = sink;
        this.answer = answer;
        sink.onCancel(() -> withdrawn = true);
    }

    /** Tells of nothing but that it was written; anything else is an error. */
    static <T> Writer emit(MessageEncoder<T> publication, T value, MonoSink<Void> sink) {
        return new OneMessage<>(publication, value, sink, OneMessage::nothingOrRefusal);
    }

    /** Tells of every outcome. */
    static <T> Writer publish(MessageEncoder<T> publication, T value, MonoSink<PublishResult> sink) {
        return new OneMessage<>(publication, value, sink, MessageEncoder::result);
    }

    private static <T> @Nullable Void nothingOrRefusal(
            MessageEncoder<T> publication, T value, PublishResult.Outcome outcome) {
        if (outcome != PublishResult.Outcome.WRITTEN) {
            throw publication.refusal(outcome);
        }
        return null;
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
            answered = answer.to(publication, value, outcome);
        } catch (Throwable e) {
            failure = e;
        }
        return Outcome.DONE;
    }

    @Override
    public void written() {
        if (failure == null) {
            sink.success(answered); // without an answer it was withdrawn, or its being written says all
        } else {
            sink.error(failure);
        }
    }

    @Override
    public void refused(RuntimeException reason) {
        sink.error(reason);
    }
}
