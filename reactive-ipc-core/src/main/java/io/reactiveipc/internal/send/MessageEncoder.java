package io.reactiveipc.internal.send;

import io.reactiveipc.Codec;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.Overflow;
import io.reactiveipc.PublishPolicy;
import io.reactiveipc.PublishResult;
import io.reactiveipc.PublishResult.Outcome;
import io.reactiveipc.StreamSpec;
import io.reactiveipc.internal.buffer.WriteView;
import io.reactiveipc.internal.poll.HandOver;
import io.reactiveipc.internal.poll.Turnstile;
import io.reactiveipc.spi.RingProducer;
import org.jspecify.annotations.Nullable;

/**
 * The lowest floor of a publication: takes one message into the ring, if the policy accepts it and there is room, or says
 * why not. All of it happens inside the turnstile; who gets in is decided above.
 */
abstract class MessageEncoder<T> extends Turnstile {
    private static final int UNKNOWN = -1;

    /** Shorter batches are not worth a stage. */
    private static final int LONG_BATCH = 64;

    final StreamSpec<T> spec;
    final RingProducer ring;
    private final Codec<T> codec;
    private final WriteView view = new WriteView();
    private final WriteView stagingView = new WriteView(false);
    private final Overflow.Kind overflow;
    private final PolicyGate policy;
    private final boolean unrestricted;
    private final StagingChoice staging = new StagingChoice(System::nanoTime);
    private boolean timed;
    private boolean staged;

    MessageEncoder(StreamSpec<T> spec, RingProducer ring) {
        this.spec = spec;
        this.ring = ring;
        view.turnTo(ring.buffer());
        view.expire(RingClaim.OVER);
        stagingView.expire(RingClaim.OVER);
        this.codec = spec.codec();
        this.overflow = spec.definition().publishing().overflow().kind();
        this.policy = new PolicyGate(spec.definition().publishing().policy(), ring);
        this.unrestricted = spec.definition().publishing().policy().kind() == PublishPolicy.Kind.ALWAYS;
    }

    /** Encodes one message into the ring and commits it, if the policy accepts it and there is room. */
    final Outcome attempt(T value) {
        return attempt(value, UNKNOWN);
    }

    /** @param knownLength what the codec has said of its length, or {@link #UNKNOWN} */
    private Outcome attempt(T value, int knownLength) {
        Outcome refused = refusedByPolicy();
        if (refused != null) {
            return refused;
        }
        int length = knownLength == UNKNOWN ? encodedLength(value) : knownLength;
        int index = ring.tryClaim(length);
        if (index == RingProducer.FULL) {
            return Outcome.NO_ROOM;
        }
        ring.commit(encode(value, view, index, length));
        committed();
        return Outcome.WRITTEN;
    }

    /** Encodes a message into the room that was claimed for it; returns its length. */
    private int encode(T value, WriteView room, int index, int length) {
        int written;
        room.open(index, length);
        try {
            written = codec.encode(value, room);
        } catch (InternalError e) {
            throw e; // of the mapping
        } catch (Throwable e) {
            throw codecFailure("encode failed", e);
        } finally {
            room.expire();
        }
        if (Integer.compareUnsigned(written, length) > 0) {
            throw codecFailure("encode returned " + written + " where encodedLength allowed 0 to " + length, null);
        }
        return written;
    }

    /** Why the policy does not accept a message now; null if it does. */
    final @Nullable Outcome refusedByPolicy() {
        return unrestricted ? null : policy.refusal();
    }

    /** One more message is in the ring. */
    final void committed() {
        if (!unrestricted) {
            policy.written();
        }
    }

    /**
     * Writes one message, for somebody who can wait for room.
     *
     * @return false if there is no room, and it is to be waited for
     * @throws IllegalArgumentException if it is too long, {@link IpcException} if the codec throws, if the policy does not
     *     accept a message now, or if there is no room and that is to be an error; nothing was written
     */
    final boolean write(T value) {
        return write(value, UNKNOWN);
    }

    private boolean write(T value, int knownLength) {
        Outcome outcome = attempt(value, knownLength);
        if (outcome == Outcome.WRITTEN) {
            return true;
        }
        if (outcome == Outcome.NO_ROOM && waitsForRoom()) {
            return false;
        }
        throw refusal(outcome);
    }

    /** Begins a batch, which is to be written with {@link #writeAll} and ended in any case. */
    final void beginBatch(long messages) {
        timed = unrestricted && messages >= LONG_BATCH;
        staged = timed && staging.begin(ring.position());
        ring.beginBatch();
    }

    final void endBatch() {
        ring.endBatch();
        if (timed) {
            staging.end(ring.position());
        }
    }

    /**
     * Writes what was handed over, up to a number, one after the other as {@link #write} does.
     *
     * @return false if there is no room for all, and it is to be waited for
     */
    final boolean writeAll(HandOver<T> pulled, long end) {
        return staged ? writeAllStaged(pulled, end) : writeAllPlainly(pulled, end);
    }

    private boolean writeAllPlainly(HandOver<T> pulled, long end) {
        int length = UNKNOWN;
        for (long next = pulled.passed(); next < end; next = pulled.passed()) {
            if (!write(pulled.get(next), length)) {
                return false;
            }
            pulled.pass(next + 1);
            length = unrestricted && next + 1 < end ? writeAtHand(pulled, end) : UNKNOWN;
        }
        return true;
    }

    /**
     * Writes as many as need no look at anything. Not called where there is none: the compiler makes a tight loop of what it has
     * mostly seen to be one; and of one that counts an int, as a long has to be split into such loops.
     *
     * @return the length of the first one that does, as a codec may have encoded all of it to tell; or {@link #UNKNOWN}
     */
    private int writeAtHand(HandOver<T> pulled, long end) {
        long first = pulled.passed();
        int count = (int) (end - first);
        int next = 0;
        try {
            for (; next < count; next++) {
                T value = pulled.get(first + next);
                int length = encodedLength(value);
                int index = ring.tryClaimInBatch(length);
                if (index == RingProducer.FULL) {
                    return length;
                }
                ring.commitInBatch(encode(value, view, index, length));
            }
            return UNKNOWN;
        } finally {
            pulled.pass(first + next);
        }
    }

    /** By the ring's stage. A method of its own, as each of the two loops is to be compiled as if there were no other. */
    private boolean writeAllStaged(HandOver<T> pulled, long end) {
        int length = UNKNOWN;
        for (long next = pulled.passed(); next < end; next = pulled.passed()) {
            if (length == UNKNOWN) {
                length = encodedLength(pulled.get(next));
            }
            if (ring.openStage(length)) {
                length = writeStaged(pulled, length, end);
            } else if (write(pulled.get(next), length)) {
                pulled.pass(next + 1);
                length = UNKNOWN;
            } else {
                return false;
            }
        }
        return true;
    }

    /** @param first the length of the first one, for which there is room */
    private int writeStaged(HandOver<T> pulled, int first, long end) {
        long next = pulled.passed();
        stagingView.turnTo(ring.stagingBuffer());
        try {
            for (int length = first; ; length = encodedLength(pulled.get(next))) {
                int index = ring.tryClaimStaged(length);
                if (index == RingProducer.FULL) {
                    return length;
                }
                ring.commitStaged(encode(pulled.get(next), stagingView, index, length));
                if (++next == end) {
                    return UNKNOWN;
                }
            }
        } finally {
            pulled.pass(next);
        }
    }

    /** Whether what finds no room waits for it. */
    final boolean waitsForRoom() {
        return overflow != Overflow.Kind.FAIL;
    }

    /** What became of a message that was attempted just now. */
    final PublishResult result(T value, Outcome outcome) {
        return new PublishResult(
                outcome, ring.subscriberCount(), outcome == Outcome.NO_ROOM ? ring.blockedBy(encodedLength(value)) : 0);
    }

    // ---- lengths ----------------------------------------------------------------------------------------------------

    private int encodedLength(T value) {
        int length;
        try {
            length = codec.encodedLength(value);
        } catch (InternalError e) {
            throw e; // of the mapping
        } catch (Throwable e) {
            throw codecFailure("encodedLength failed", e);
        }
        checkLength(length);
        return length;
    }

    final void checkLength(int length) {
        if (Integer.compareUnsigned(length, ring.maxMessageLength()) > 0) {
            throw new IllegalArgumentException("message of " + length + " bytes on stream \"" + spec.name()
                    + "\": must be 0 to "
                    + ring.maxMessageLength() + "; raise maxMessageLength (at most an eighth of the capacity, now "
                    + ring.capacity() + ") or split it");
        }
    }

    // ---- why not ----------------------------------------------------------------------------------------------------

    /** Why a message was not written, as an error. */
    final IpcException refusal(Outcome outcome) {
        return switch (outcome) {
            case WRITTEN -> throw new IllegalArgumentException("it was written");
            case NO_ROOM ->
                new IpcException(
                        ErrorCode.OVERFLOW,
                        "stream \"" + spec.name()
                                + "\" has no room, and its overflow is to fail; nothing was written: emit it"
                                + " later, raise the capacity, or publish with overflow(WAIT)");
            case NO_SUBSCRIBER ->
                new IpcException(
                        ErrorCode.REFUSED,
                        "stream \"" + spec.name()
                                + "\" has no subscriber, and its policy asks for one; nothing was written:"
                                + " await one with awaitSubscribers(1)");
            case TOO_EARLY ->
                new IpcException(
                        ErrorCode.REFUSED,
                        "stream \"" + spec.name() + "\" takes one message in "
                                + spec.definition().publishing().policy().interval()
                                + "; nothing was written: emit later, or for a Flux publish without the policy and send(source.sample(interval))");
        };
    }

    private IpcException codecFailure(String what, @Nullable Throwable cause) {
        return new IpcException(
                ErrorCode.CODEC,
                "codec \"" + codec.typeId() + "\": " + what + " on stream \"" + spec.name()
                        + "\"; nothing was written, mend the codec or the value",
                cause);
    }
}
