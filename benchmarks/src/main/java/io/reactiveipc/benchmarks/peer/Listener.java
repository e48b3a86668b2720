package io.reactiveipc.benchmarks.peer;

import org.agrona.DirectBuffer;

/** Who hears messages: each is verified to its last byte before it counts. One thread at a time. */
public abstract class Listener {
    /** Bytes from which on a message is read by copying pieces of it: the module's README says what reading by words costs. */
    private static final int LONG = 1024;

    private static final int PIECE = 4096;

    private final int length;
    private final byte[] piece;

    /** @param length bytes that each message must have */
    protected Listener(int length) {
        this.length = length;
        this.piece = new byte[length < LONG ? 0 : PIECE];
    }

    /** A message as bytes, valid until the return. */
    public final void onMessage(DirectBuffer buffer, int offset, int length) {
        if (length != this.length) {
            throw new BadDataException("a message of " + length + " bytes arrived, not " + this.length);
        }
        long sequence = buffer.getLong(offset + Payload.SEQUENCE);
        long time = buffer.getLong(offset + Payload.TIME);
        long body = body(buffer, offset + Payload.BODY, offset + length);
        check(sequence, buffer.getLong(offset + Payload.CHECKSUM), Checksum.of(sequence, time, body));
        accept(sequence, time);
    }

    private long body(DirectBuffer buffer, int offset, int end) {
        if (length < LONG) {
            return Checksum.ofBody(buffer, offset, end);
        }
        long sum = 0;
        for (int i = offset; i < end; i += PIECE) {
            int bytes = Math.min(PIECE, end - i);
            buffer.getBytes(i, piece, 0, bytes);
            sum += Checksum.ofBody(piece, bytes);
        }
        return sum;
    }

    /** A message that a codec made a record of. */
    public final void onSample(Sample sample) {
        if (sample.length() != length) {
            throw new BadDataException("a record of " + sample.length() + " bytes arrived, not " + length);
        }
        long body = Checksum.ofBody(sample.body(), sample.body().length);
        check(sample.sequence(), sample.checksum(), Checksum.of(sample.sequence(), sample.time(), body));
        accept(sample.sequence(), sample.time());
    }

    private static void check(long sequence, long found, long expected) {
        if (found != expected) {
            throw new BadDataException("message " + sequence + " has checksum " + Long.toHexString(found)
                    + ", but its bytes add up to " + Long.toHexString(expected));
        }
    }

    /** A message that is as it was sent. */
    protected abstract void accept(long sequence, long time);
}
