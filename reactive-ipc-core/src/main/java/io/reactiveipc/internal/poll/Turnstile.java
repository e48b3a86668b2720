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

    @SuppressWarnings("unused")
    private int inside;

    /** Whether the caller is in now; then it must {@link #leave()}. */
    protected final boolean tryEnter() {
        return (int) INSIDE.getOpaque(this) == 0 && INSIDE.compareAndSet(this, 0, 1); // SYNC B1 enter, pairs with leave
    }

    /** Whether nobody is inside at the moment. */
    protected final boolean isFree() {
        return (int) INSIDE.getVolatile(this) == 0;
    }

    protected final void leave() {
        INSIDE.setRelease(this, 0); // SYNC B1 leave: what was done inside happens-before the next one's entry
    }
}
