package io.reactiveipc.shm.segment;

import java.util.UUID;

/**
 * What a ring says about itself; never changes once the file has its name.
 *
 * @param name the stream's name, 1 to 255 bytes of UTF-8
 * @param typeId what the payloads mean, 1 to 255 bytes of UTF-8
 * @param publicationId random id of the publication, in the file's name
 * @param epoch incarnation of the publication, in the file's name; not negative
 * @param sessionKey random and never 0; what stamps are mixed with
 * @param node the publishing node
 * @param nodeRow its row in {@code nodes.tab}
 * @param bootId the boot of the host it was created in, or zeros
 * @param capacity bytes of data, a power of two
 * @param maxMessageLength bytes, at most an eighth of the capacity
 * @param maxSubscribers slots that may be taken, 1 to 64
 * @param timestamps whether records carry a timestamp
 * @param initialPosition where the first record stands; a multiple of the record alignment
 */
public record RingHeader(
        String name,
        String typeId,
        long publicationId,
        long epoch,
        long sessionKey,
        UUID node,
        int nodeRow,
        UUID bootId,
        int capacity,
        int maxMessageLength,
        int maxSubscribers,
        boolean timestamps,
        long initialPosition) {}
