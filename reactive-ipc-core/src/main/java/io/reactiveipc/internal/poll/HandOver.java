package io.reactiveipc.internal.poll;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.Queue;
import java.util.function.BooleanSupplier;
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
    private long passed;

    // ---- the thread that puts ---------------------------------------------------------------------------------------

    /** Makes room for so many, a power of two. Only while it is empty. */
    public void makeRoom(int capacity) {
        if (elements.length < capacity) {
            elements = new Object[capacity]; // known to others with the next element
        }
    }

    /**
     * Puts what a source gives, until it has nothing at hand, or so many were put, or it is to stop. There must be room.
     *
     * @return whether the source may have more at hand
     */
    public boolean putFrom(Queue<? extends T> source, int most, BooleanSupplier stop) {
        Object[] places = elements;
        long begun = put;
        int first = (int) begun;
        for (int count = 0; count < most; ) {
            T element = source.poll();
            if (element == null) {
                return false;
            }
            places[first + count & places.length - 1] = element;
            count++;
            PUT.setRelease(this, begun + count); // SYNC B4 put, pairs with count
            if (stop.getAsBoolean()) {
                break;
            }
        }
        return true;
    }

    /** Whether all were taken; then their places may be used again. */
    public boolean isEmpty() {
        return (long) TAKEN.getAcquire(this) == put; // SYNC B4, pairs with take
    }

    // ---- inside the turnstile ---------------------------------------------------------------------------------------

    /** The number of the first one that was not passed. */
    public long passed() {
        return passed;
    }

    /** The one of a number from the first one not taken on, below the {@link #count}. */
    @SuppressWarnings("unchecked")
    public T get(long number) {
        return (T) Objects.requireNonNull(elements[(int) number & elements.length - 1]);
    }

    /** Passes those before a number; they stay here until they are taken. */
    public void pass(long number) {
        passed = number;
    }

    /** Takes those that were passed. */
    public void take() {
        int mask = elements.length - 1;
        for (long gone = taken; gone < passed; gone++) {
            elements[(int) gone & mask] = null;
        }
        TAKEN.setRelease(this, passed); // SYNC B4 take: from here on the places are others'
    }

    // ---- anybody ----------------------------------------------------------------------------------------------------

    /** How many were put, ever. */
    public long count() {
        return (long) PUT.getAcquire(this); // SYNC B4 count: of each that is counted, the element is visible
    }
}
