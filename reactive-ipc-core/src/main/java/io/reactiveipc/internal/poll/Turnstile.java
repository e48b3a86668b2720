package io.reactiveipc.internal.poll;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Lets one thread at a time into one end of a ring. Nobody waits at it: who does not get in leaves a note where the poll
 * loop finds it, and the loop tries again.
 */
public abstract class Turnstile {
    private static final VarHandle INSIDE;

    static {
        try {
            INSIDE = MethodHandles.lookup().findVarHandle(Turnstile.class, "inside", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Nobody is inside. */
    protected static final int NOBODY = 0;

    /** A thread that came of itself is inside. */
    protected static final int CALLER = 1;

    /** The poll loop is inside, on behalf of somebody who waits. */
    protected static final int LOOP = 2;

    @SuppressWarnings("unused")
    private int inside;

    /** Whether the caller is in now; then it must {@link #leave()}. */
    protected final boolean tryEnter() {
        return tryEnter(CALLER) == NOBODY;
    }

    /**
     * @param who {@link #CALLER} or {@link #LOOP}
     * @return {@link #NOBODY} if the caller is in now, and must {@link #leave()}; else who was in its way
     */
    protected final int tryEnter(int who) {
        int other = (int) INSIDE.getOpaque(this);
        return other != NOBODY
                ? other
                : (int) INSIDE.compareAndExchange(this, NOBODY, who); // SYNC B1 enter, pairs with leave
    }

    /** Whether nobody is inside at the moment. */
    protected final boolean isFree() {
        return (int) INSIDE.getVolatile(this) == NOBODY;
    }

    protected final void leave() {
        INSIDE.setRelease(this, NOBODY); // SYNC B1 leave: what was done inside happens-before the next one's entry
    }
}
