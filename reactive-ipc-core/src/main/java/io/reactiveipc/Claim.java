package io.reactiveipc;

import org.agrona.MutableDirectBuffer;

/**
 * A piece of the ring to encode a message into, in place. Nobody sees it until {@link #commit()}; {@link #close()} without
 * a commit takes it back, and no message comes of it. A publication has one claim at a time, and emits nothing else meanwhile.
 *
 * <pre>{@code
 * try (Claim claim = publication.tryClaim(16)) {
 *     if (claim != null) {
 *         claim.buffer().putLong(0, id);
 *         claim.buffer().putDouble(8, price);
 *         claim.commit();
 *     }
 * }
 * }</pre>
 *
 * <p>Belongs to the thread that claimed it. The same object serves the publication's next claim.
 */
public interface Claim extends AutoCloseable {
    /**
     * The claimed bytes, from index 0 to {@link #length()}; their content is undefined until written.
     *
     * @throws IllegalStateException at each access once the claim was committed or closed
     */
    MutableDirectBuffer buffer();

    /** The claimed length in bytes. */
    int length();

    /** Publishes the whole claim. */
    void commit();

    /**
     * Publishes the first {@code length} bytes of the claim and gives the rest back.
     *
     * @throws IllegalArgumentException if {@code length} is negative or more than was claimed; the claim stays open
     * @throws IllegalStateException if the claim was committed or closed
     */
    void commit(int length);

    /** Takes the claim back unless it was committed. Idempotent. */
    @Override
    void close();
}
