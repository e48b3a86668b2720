package io.reactiveipc.spi;

/** Copies from one buffer to another, always the same two: {@link Memory#copy}. */
public interface MemoryCopy {
    /** The caller has checked the indices. What is written is there for whoever sees a later store. */
    void copy(int fromIndex, int toIndex, int length);
}
