package io.reactiveipc.soak;

import io.reactiveipc.Codec;
import io.reactiveipc.Message;
import io.reactiveipc.spi.Memory;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;

/**
 * Numbers as messages, of which each byte is a function of the publisher's life and the number: life, number, CRC-32C of
 * the body, body. Not for several threads.
 */
final class Numbers implements Codec<Long> {
    private static final int LIFE = 0;
    private static final int NUMBER = 8;
    private static final int SUM = 16;
    private static final int BODY = 24;
    private static final int MAX_LENGTH = 4096;
    private static final long STEP = 0x9E37_79B9_7F4A_7C15L;

    private final long life;
    private final byte[] body = new byte[MAX_LENGTH];
    private final byte[] expected = new byte[MAX_LENGTH];
    private final AtomicBuffer view = Memory.wrap(expected);
    private final CRC32C crc = new CRC32C();

    /** @param life of the publisher, or 0 for who only reads */
    Numbers(long life) {
        this.life = life;
    }

    @Override
    public String typeId() {
        return "soak/1";
    }

    @Override
    public int encodedLength(Long number) {
        return length(life, number);
    }

    @Override
    public int encode(Long number, MutableDirectBuffer buffer) {
        int length = length(life, number);
        long sum = fill(life, number, length - BODY);
        buffer.putLong(LIFE, life);
        buffer.putLong(NUMBER, number);
        buffer.putLong(SUM, sum);
        buffer.putBytes(BODY, expected, 0, length - BODY);
        return length;
    }

    @Override
    public Long decode(DirectBuffer buffer, int length) {
        return buffer.getLong(NUMBER);
    }

    /** Up to 600 bytes usually, and now and then up to 4 KiB. */
    private static int length(long life, long number) {
        long random = mix(life * STEP ^ number);
        int top = (random >>> 56) == 0 ? MAX_LENGTH - BODY : 600;
        return BODY + (int) ((random & 0x7FFF_FFFF) % top);
    }

    private long fill(long ofLife, long number, int length) {
        long word = mix(ofLife + STEP * number);
        int index = 0;
        for (; index + Long.BYTES <= length; index += Long.BYTES) {
            word += STEP;
            view.putLong(index, word ^ word >>> 31);
        }
        for (; index < length; index++) {
            word += STEP;
            view.putByte(index, (byte) (word >>> 40));
        }
        crc.reset();
        crc.update(expected, 0, length);
        return crc.getValue();
    }

    /** Enters a message into the book, or what is wrong with it; returns a complaint, or nothing. */
    String check(Message message, SubscriberBook book) {
        DirectBuffer buffer = message.buffer();
        int length = message.length();
        if (length < BODY || length > MAX_LENGTH) {
            book.count(SubscriberBook.Count.TORN);
            return "torn: a message of " + length + " bytes";
        }
        long ofLife = buffer.getLong(LIFE);
        long number = buffer.getLong(NUMBER);
        long sum = buffer.getLong(SUM);
        buffer.getBytes(BODY, body, 0, length - BODY);
        crc.reset();
        crc.update(body, 0, length - BODY);
        long read = crc.getValue();
        boolean sound = length == length(ofLife, number)
                && read == sum
                && fill(ofLife, number, length - BODY) == sum
                && message.sequence() == number
                && Arrays.equals(body, 0, length - BODY, expected, 0, length - BODY);
        if (!sound) {
            book.count(SubscriberBook.Count.TORN);
            return "torn: message " + number + " of life " + ofLife + ", sequence " + message.sequence();
        }
        return book.enter(ofLife, number) ? "" : "out of order: message " + number + " of life " + ofLife;
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ mixed >>> 31;
    }
}
