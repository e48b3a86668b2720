package io.reactiveipc.shm.segment;

import io.reactiveipc.Overflow;
import java.util.UUID;

/** Ring headers for tests. */
public final class Headers {
    public static final int CAPACITY = 64 * 1024;

    private Headers() {}

    public static RingHeader of(String name, long publicationId, long epoch, int nodeRow, UUID node) {
        return new RingHeader(
                name,
                "test/1",
                publicationId,
                epoch,
                0x1234_5678_9ABC_DEF0L,
                node,
                nodeRow,
                new UUID(1, 2),
                CAPACITY,
                CAPACITY / 8,
                64,
                false,
                0,
                Overflow.Kind.WAIT,
                1);
    }

    static RingHeader of(String name) {
        return of(name, 0xABCL, 7, 3, new UUID(3, 4));
    }
}
