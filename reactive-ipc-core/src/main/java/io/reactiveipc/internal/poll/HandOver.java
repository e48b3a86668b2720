package io.reactiveipc.internal.poll;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Elements on their way from one thread to whoever is inside a {@link Turnstile}. Two counts that only grow, each with one writer
 * at a time: how many were put, and how many of them were taken. Begins with room for one element, since most never have more.
 */
public final class HandOver<T> {
    private static final VarHandle PUT;
    private static final VarHandle TAKEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PUT = lookup.findVarHandle(HandOver.class, "put", long.class);
            TAKEN = lookup.findVarHandle(HandOver.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private @Nullable Object[] elements = new Object[1];
    private long put;
    private long taken;

    // ---- the thread that puts ---------------------------------------------------------------------------------------

    /** Makes room for so many, a power of two. Only while it is empty. */
    public void makeRoom(int capacity) {
        if (elements.length < capacity) {
            elements = new Object[capacity]; // known to others with the next element
        }
    }

    /** There must be room. */
    public void put(T element) {
        long count = put;
        elements[(int) count & elements.length - 1] = element;
        PUT.setRelease(this, count + 1); // SYNC B4 put, pairs with count
    }

    /** Whether all were taken; then their places may be used again. */
    public boolean isEmpty() {
        return (long) TAKEN.getAcquire(this) == put; // SYNC B4, pairs with takeTo
    }

    // ---- inside the turnstile ---------------------------------------------------------------------------------------

    /** The number of the first one that was not taken. */
    public long first() {
        return taken;
    }

    /** The one of a number from the {@link #first} on, below the {@link #count}. */
    @SuppressWarnings("unchecked")
    public T get(long number) {
        return (T) Objects.requireNonNull(elements[(int) number & elements.length - 1]);
    }

    /** Takes those before a number. */
    public void takeTo(long number) {
        int mask = elements.length - 1;
        for (long gone = taken; gone < number; gone++) {
            elements[(int) gone & mask] = null;
        }
        TAKEN.setRelease(this, number); // SYNC B4 takeTo: from here on the places are others'
    }

    // ---- anybody ----------------------------------------------------------------------------------------------------

    /** How many were put, ever. */
    public long count() {
        return (long) PUT.getAcquire(this); // SYNC B4 count: of each that is counted, the element is visible
    }
}
