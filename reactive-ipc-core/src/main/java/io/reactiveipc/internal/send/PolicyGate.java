package io.reactiveipc.internal.send;

import io.reactiveipc.PublishPolicy;
import io.reactiveipc.PublishResult.Outcome;
import io.reactiveipc.spi.RingProducer;
import org.jspecify.annotations.Nullable;

/** Says of a publication with a {@link PublishPolicy} whether it accepts a message now. Inside the turnstile. */
final class PolicyGate {
    private final PublishPolicy policy;
    private final RingProducer ring;
    private long writtenNanos;
    private boolean writtenOnce;

    PolicyGate(PublishPolicy policy, RingProducer ring) {
        this.policy = policy;
        this.ring = ring;
    }

    /** Why a message is not accepted now; null if it is. */
    @Nullable
    Outcome refusal() {
        return switch (policy.kind()) {
            case ALWAYS -> null;
            case WHEN_SUBSCRIBED -> ring.subscriberCount() == 0 ? Outcome.NO_SUBSCRIBER : null;
            case AT_MOST_EVERY ->
                writtenOnce
                                && System.nanoTime() - writtenNanos
                                        < policy.interval().toNanos()
                        ? Outcome.TOO_EARLY
                        : null;
        };
    }

    /** One more message is in the ring. */
    void written() {
        writtenNanos = System.nanoTime();
        writtenOnce = true;
    }
}
