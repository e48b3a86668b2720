package io.reactiveipc;

import java.util.function.Function;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The receiving end of a stream. Each {@code Flux} it gives is cold: every subscriber attaches to all publications of the
 * stream on its own, sees every message from then on, and is waited for; {@link StreamSpec} has other choices. Publications that appear later are merged in, from
 * their first message as long as less than half of their ring was written by the time they are found; each publication
 * keeps its order.
 *
 * <p>A Flux completes when the last publication it knows has completed. It errors with {@link RemoteErrorException} when
 * one fails, {@link PublisherLostException} when its process died, {@link CorruptRingException} when its bytes make no
 * sense, {@link IpcException} with {@link ErrorCode#CLOSED} when this side is closed; what was committed before that is
 * delivered first. Cancelling detaches at once and makes the ring space free.
 *
 * <p>Unfused, signals run on the node's poll loop. An operator that fuses ({@code publishOn}, {@code concatMap} with
 * prefetch, {@code flatMapIterable}…) polls the ring itself, on its own thread, and nothing is buffered twice.
 *
 * @param <T> the type of the values
 */
public interface IpcSubscription<T> extends Disposable, Scannable {
    /** The name of the stream. */
    String stream();

    /** Decoded values; nothing to release. A codec that throws errors the Flux with {@link ErrorCode#CODEC}. */
    Flux<T> receive();

    /**
     * Maps each message in place, without a copy. The message is valid only until the function returns, and the same object
     * serves the next one. A function that throws, or returns null, errors the Flux. It runs on the poll loop, or on the
     * thread of an operator that fuses; {@code hide()} keeps it on the loop.
     */
    <R> Flux<R> receive(Function<? super Message, ? extends R> mapper);

    /** Copies on the heap: hold them as long as you like. */
    Flux<Message> messages();

    /**
     * Views of the ring without a copy. Each must be released, and holds the publisher back until then. What operators drop is
     * given back if the pipeline ends with {@code .doOnDiscard(Message.class, Message::giveBack)}; what is forgotten otherwise,
     * when the garbage is collected. Beyond {@link StreamSpec#maxLeases} leases, or half of the ring, messages come as heap
     * copies instead; with {@link Delivery#queue} a subscriber has up to eight, and each is finished by its {@code release()}.
     * Streams that may be overwritten, and {@link Delivery#LATEST}, have no leases: {@link ErrorCode#INCOMPATIBLE_STREAM}. After
     * a cancel the leases still out stay valid, and the ring space is free with the last of them.
     */
    Flux<Message> leases();

    /**
     * What happens to the nodes that publish this stream; what holds now comes first. And, as they come, the {@link
     * PeerEvent.Gap}s of this subscription.
     *
     * @return errors with {@link ErrorCode#NO_TRANSPORT} on a node without a control plane
     */
    Flux<PeerEvent> events();

    /**
     * Completes once at least one publication of the stream is found and mapped: a Flux subscribed from then on is attached
     * to it when {@code subscribe} returns. Use {@code timeout} to bound it.
     */
    Mono<Void> awaitReady();

    /** How many publications of the stream are known and not ended. */
    int publicationCount();

    /**
     * How many messages were overwritten before the Fluxes of this subscription had taken them: exactly what is missing, summed.
     * Always 0 on a stream that does not overwrite; what {@link Delivery#LATEST} leaves out is not counted.
     */
    long lost();

    /**
     * Messages that the Fluxes of this subscription have taken, summed. What one takes at this moment may be counted a little
     * later, at the latest when it has no more.
     */
    long received();

    /** The bytes of those messages, without the headers of records. */
    long receivedBytes();

    /** Leases that are out: taken by {@link #leases()}, and neither released nor given back. */
    int leased();

    /** Bytes published and not yet taken by this subscription's slowest Flux, summed over its publications; 0 if there is none. */
    long lag();

    /** Ends all Fluxes of this subscription with {@link ErrorCode#CLOSED} and frees their slots. Idempotent. */
    @Override
    void dispose();
}
