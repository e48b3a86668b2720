package io.reactiveipc.benchmarks.peer;

import java.nio.MappedByteBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Agrona's OneToOneRingBuffer on a mapped file: what is left when one takes typed streams, discovery and deaths away. */
final class AgronaPeer implements Peer {
    @Override
    public String name() {
        return "agrona";
    }

    @Override
    public String description() {
        return "Agrona OneToOneRingBuffer on a mapped file, tryClaim and read, one ring per pair of processes";
    }

    @Override
    public Endpoint open(Setup setup) {
        return new Rings(setup);
    }

    private static final class Rings extends PolledEndpoint {
        private static final int TYPE = 1;
        private static final int RUN = 256;

        private MessageHandler onMessage = (type, buffer, index, length) -> {};
        private final OneToOneRingBuffer outgoing;
        private final OneToOneRingBuffer incoming;
        private final MappedByteBuffer[] mapped = new MappedByteBuffer[2];

        Rings(Setup setup) {
            super(setup);
            outgoing = ring(setup, setup.outgoing(), 0);
            incoming = ring(setup, setup.incoming(), 1);
        }

        private OneToOneRingBuffer ring(Setup setup, String name, int slot) {
            mapped[slot] = MappedFiles.map(
                    setup.directory().resolve(name), setup.capacity() + RingBufferDescriptor.TRAILER_LENGTH);
            return new OneToOneRingBuffer(new UnsafeBuffer(mapped[slot]));
        }

        @Override
        public void join() {
            // a ring keeps what is written before the reader comes
        }

        @Override
        boolean offer(Payload payload) {
            int index = outgoing.tryClaim(TYPE, payload.length());
            if (index < 0) {
                return false;
            }
            AtomicBuffer buffer = outgoing.buffer();
            payload.writeTo(buffer, index);
            outgoing.commit(index);
            return true;
        }

        @Override
        public void listen(Listener listener) {
            onMessage = (type, buffer, index, length) -> listener.onMessage(buffer, index, length);
        }

        @Override
        boolean poll() {
            return incoming.read(onMessage, RUN) > 0;
        }

        @Override
        public void close() {
            for (MappedByteBuffer buffer : mapped) {
                IoUtil.unmap(buffer);
            }
        }
    }
}
