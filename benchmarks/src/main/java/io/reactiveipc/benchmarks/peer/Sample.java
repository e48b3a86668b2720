package io.reactiveipc.benchmarks.peer;

import io.reactiveipc.Codec;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** A small record as an application would make of a message. */
record Sample(long sequence, long time, long checksum, byte[] body) {
    int length() {
        return Payload.BODY + body.length;
    }

    /** Reads what {@link Payload} wrote. */
    record Decoder() implements Codec<Sample> {
        @Override
        public String typeId() {
            return "payload";
        }

        @Override
        public int encodedLength(Sample sample) {
            return sample.length();
        }

        @Override
        public int encode(Sample sample, MutableDirectBuffer buffer) {
            throw new UnsupportedOperationException("payloads are what is sent");
        }

        @Override
        public Sample decode(DirectBuffer buffer, int length) {
            byte[] body = new byte[length - Payload.BODY];
            buffer.getBytes(Payload.BODY, body);
            return new Sample(
                    buffer.getLong(Payload.SEQUENCE),
                    buffer.getLong(Payload.TIME),
                    buffer.getLong(Payload.CHECKSUM),
                    body);
        }
    }
}
