package io.reactiveipc;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The sending end of a stream: a sink whose demand is free ring space. Every subscriber sees every message in order; the
 * slowest one sets the pace. Without subscribers messages are written and seen by nobody.
 *
 * <p>Messages of one thread, or of one {@link #send}, keep their order. Any thread may call any method; {@link #tryEmit}
 * and {@link #tryClaim} refuse rather than wait when another thread is inside.
 *
 * @param <T> the type of the values
 */
public interface IpcPublication<T> extends Disposable, Scannable {
    /** The name of the stream. */
    String stream();

    /** The session's id: unique per publication, and what subscribers' errors and logs name. */
    String sessionId();

    /**
     * Writes one message if there is room now. Never waits.
     *
     * @return {@code OK}: written · {@code FAIL_OVERFLOW}: no room, or earlier {@code emit}s wait for it · {@code
     *     FAIL_NON_SERIALIZED}: another thread of yours is inside, or a claim is open · {@code FAIL_TERMINATED}: completed, failed or
     *     closed · {@code FAIL_ZERO_SUBSCRIBER}: nobody listens and {@link PublishPolicy#WHEN_SUBSCRIBED} asks for somebody.
     *     What comes earlier than {@link PublishPolicy#atMostEvery} allows is {@code FAIL_OVERFLOW} too
     * @throws IllegalArgumentException if the message is longer than the stream's maximum; nothing was written
     * @throws IpcException with {@link ErrorCode#CODEC} if the codec throws; nothing was written
     */
    Sinks.EmitResult tryEmit(T value);

    /**
     * Writes one message and completes. Waits for room without holding a thread; waiting emits are served in the order of
     * their subscription. Cancelling one that waits withdraws it: then nothing is written.
     *
     * @return errors with {@link IllegalArgumentException} for a message that is too long, {@link IpcException} if the
     *     codec throws ({@link ErrorCode#CODEC}), the publication is closed meanwhile ({@link ErrorCode#CLOSED}), there is
     *     no room with {@link Overflow#FAIL} ({@link ErrorCode#OVERFLOW}), or the policy does not take a message now
     *     ({@link ErrorCode#REFUSED})
     */
    Mono<Void> emit(T value);

    /**
     * Writes one message as {@link #emit} does, and tells what became of it and of whom: what the overflow or the policy of the
     * stream does not take is a result here and not an error. Cancelling one that waits withdraws it.
     *
     * @return errors with {@link IllegalArgumentException} for a message that is too long, {@link IpcException} if the
     *     codec throws ({@link ErrorCode#CODEC}) or the publication is closed meanwhile ({@link ErrorCode#CLOSED})
     */
    Mono<PublishResult> publish(T value);

    /**
     * Writes all messages of a source and completes when the last one is in the ring. The source is asked only for what
     * fits in the ring: first by the thread that subscribes, later by the node's poll loop, so use {@code subscribeOn} for
     * a source that blocks. An error of the source, or a message that cannot be encoded, errors the Mono and cancels the
     * source; the publication stays open. If the publication ends first, the Mono errors with {@link ErrorCode#CLOSED}, at once
     * though the source be silent, and cancels the source. Cancelling stops; messages that are not in the ring by then are discarded.
     * Messages of several concurrent sends mix, each in its own order.
     *
     * <p>A source with its elements at hand ({@code Flux.range}, {@code fromIterable}…) that is quick is pulled up to 512
     * elements ahead, so each of them must be an object of its own. When such a source pauses, its last messages may follow
     * up to about a millisecond later.
     */
    Mono<Void> send(Publisher<? extends T> source);

    /**
     * Claims a piece of the ring to encode into, or returns null if there is no room now (or {@link #tryEmit} would refuse
     * for another reason than a closed publication).
     *
     * @throws IllegalArgumentException if {@code length} is negative or more than the stream's maximum
     * @throws IpcException with {@link ErrorCode#CLOSED} if the publication is completed, failed or closed
     */
    @Nullable
    Claim tryClaim(int length);

    /**
     * Ends the stream: after the data, and after emits that wait, every subscriber gets {@code onComplete} (once all
     * publications it knows have ended). Completes when the end is written; never waits for room.
     */
    Mono<Void> complete();

    /** As {@link #complete()}, with an error: subscribers get a {@link RemoteErrorException} with its class and message. */
    Mono<Void> error(Throwable error);

    /**
     * This publication as Reactor's own sink type. {@code emitNext} on a full ring hands the overflow to the failure
     * handler and then throws, but does not end the stream. {@code asFlux()} errors: the readers are in other processes.
     */
    Sinks.Many<T> asSink();

    /** Completes once at least {@code count} subscribers are attached. Use {@code timeout} to bound it. */
    Mono<Void> awaitSubscribers(int count);

    /** How many subscribers are attached now, in all processes. */
    int subscriberCount();

    /** Bytes that the slowest subscriber leaves free at this moment. */
    long freeBytes();

    /** The bytes of the ring. */
    long capacityBytes();

    /** Messages ever written. Never falls, also not when the stream ends. */
    long messages();

    /** Bytes ever written to the ring, headers and padding of records included. Never falls, also not when the stream ends. */
    long position();

    /** Completes once every attached subscriber has taken everything that was written before this Mono was subscribed. */
    Mono<Void> drained();

    /**
     * What happens to the nodes that subscribe to this stream, each from its first {@link PeerEvent.Ready}; those that are
     * ready now come first.
     *
     * @return errors with {@link ErrorCode#NO_TRANSPORT} on a node without a control plane
     */
    Flux<PeerEvent> events();

    /**
     * Ends the stream as {@link #complete()} does, without waiting for emits that have no room yet: they error with {@link
     * ErrorCode#CLOSED}. Idempotent. Subscribers still get all that was written.
     */
    @Override
    void dispose();
}
