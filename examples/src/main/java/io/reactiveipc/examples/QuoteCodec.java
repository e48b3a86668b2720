package io.reactiveipc.examples;

import io.reactiveipc.Codec;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** A codec of one's own: a fixed record of 16 bytes. */
final class QuoteCodec implements Codec<Quote> {
    @Override
    public String typeId() {
        return "com.example.Quote/1";
    }

    @Override
    public int encodedLength(Quote quote) {
        return 16;
    }

    @Override
    public int encode(Quote quote, MutableDirectBuffer buffer) {
        buffer.putLong(0, quote.id());
        buffer.putDouble(8, quote.price());
        return 16;
    }

    @Override
    public Quote decode(DirectBuffer buffer, int length) {
        return new Quote(buffer.getLong(0), buffer.getDouble(8));
    }
}
