package io.reactiveipc;

import java.time.Duration;
import java.util.Objects;

/**
 * When a publication accepts messages at all. See {@link StreamSpec#publishPolicy}.
 *
 * @param kind which of the three
 * @param interval the shortest time between two messages with {@link Kind#AT_MOST_EVERY}; zero for the others
 */
public record PublishPolicy(Kind kind, Duration interval) {
    /** The choices. */
    public enum Kind {
        /** At all times. */
        ALWAYS,
        /** While somebody is subscribed. */
        WHEN_SUBSCRIBED,
        /** Once in an interval. */
        AT_MOST_EVERY
    }

    private static final Duration LONGEST = Duration.ofDays(365);

    /** The default. */
    public static final PublishPolicy ALWAYS = new PublishPolicy(Kind.ALWAYS, Duration.ZERO);

    public static final PublishPolicy WHEN_SUBSCRIBED = new PublishPolicy(Kind.WHEN_SUBSCRIBED, Duration.ZERO);

    /**
     * What comes too early is refused. For a {@code Flux}, {@code send(source.sample(interval))} without this policy drops it.
     *
     * @throws IllegalArgumentException if the interval is not positive, or more than 365 days
     */
    public static PublishPolicy atMostEvery(Duration interval) {
        return new PublishPolicy(Kind.AT_MOST_EVERY, interval);
    }

    public PublishPolicy {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(interval, "interval");
        if (kind == Kind.AT_MOST_EVERY
                ? interval.isNegative() || interval.isZero() || interval.compareTo(LONGEST) > 0
                : !interval.isZero()) {
            throw new IllegalArgumentException(
                    "interval must be positive and at most 365 days with AT_MOST_EVERY, and zero with the others: "
                            + kind + ", " + interval);
        }
    }
}
