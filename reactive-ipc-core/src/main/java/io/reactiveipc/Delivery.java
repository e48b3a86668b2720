package io.reactiveipc;

/**
 * Which messages a subscriber gets. Each subscription chooses for itself, and all kinds read the same ring at the same time. See
 * {@link StreamSpec#delivery}.
 */
public enum Delivery {
    /** All, in order. The publisher waits for it, unless its {@link Overflow} says otherwise. The default. */
    BROADCAST,
    /** Each demand is answered with the newest message, if that is unseen. The publisher never waits for it. */
    LATEST
}
