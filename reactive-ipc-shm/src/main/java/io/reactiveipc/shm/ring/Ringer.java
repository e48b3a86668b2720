package io.reactiveipc.shm.ring;

/** Rings doorbells of other nodes. Never blocks; a ring may be lost. */
@FunctionalInterface
public interface Ringer {
    /**
     * @param nodeRow whose doorbell
     * @param loop the number of its poll loop
     */
    void ring(int nodeRow, int loop);
}
