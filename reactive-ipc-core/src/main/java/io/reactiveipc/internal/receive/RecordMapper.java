package io.reactiveipc.internal.receive;

import io.reactiveipc.Codec;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.Message;
import io.reactiveipc.internal.buffer.ReadView;
import io.reactiveipc.spi.RingConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes a value of the record at hand, before the reader steps behind it. One per receiver: it may keep a flyweight. */
interface RecordMapper<R> {
    /**
     * @param consumer the lane's, which has polled a record; a loop over many has it at hand
     * @param index where the payload starts in the consumer's buffer
     */
    R map(Lane lane, RingConsumer consumer, int index);

    static <T> Supplier<RecordMapper<T>> decoding(String stream, Codec<T> codec) {
        return () -> new Decoding<>(stream, codec);
    }

    static <R> Supplier<RecordMapper<R>> inPlace(Function<? super Message, ? extends R> mapper) {
        return () -> new InPlace<>(mapper);
    }

    static Supplier<RecordMapper<Message>> copying() {
        return () -> (lane, consumer, index) -> HeapMessage.copyOf(consumer, index);
    }

    static Supplier<RecordMapper<Message>> leasing() {
        return () -> (lane, consumer, index) -> lane.leases().lease(index);
    }

    /** Decodes within the record. */
    final class Decoding<T> implements RecordMapper<T> {
        private final String stream;
        private final Codec<T> codec;
        private final ReadView view = new ReadView();

        Decoding(String stream, Codec<T> codec) {
            this.stream = stream;
            this.codec = codec;
            view.expire(MessageView.EXPIRED);
        }

        @Override
        public T map(Lane lane, RingConsumer consumer, int index) {
            int length = consumer.length();
            view.turnTo(consumer.buffer());
            view.open(index, length);
            @Nullable T value;
            try {
                value = codec.decode(view, length);
            } catch (InternalError e) {
                throw e; // of the mapping
            } catch (Throwable e) {
                throw failure(consumer, "failed", e);
            } finally {
                view.expire();
            }
            if (value == null) {
                throw failure(consumer, "returned null", null);
            }
            return value;
        }

        private IpcException failure(RingConsumer consumer, String how, @Nullable Throwable cause) {
            return new IpcException(
                    ErrorCode.CODEC,
                    "codec \"" + codec.typeId() + "\" " + how + " at message " + consumer.sequence() + " of stream \""
                            + stream + "\" (" + consumer.length() + " bytes, session " + consumer.sessionId()
                            + "); mend its decode, or change the type id on both sides if the encoding has changed",
                    cause);
        }
    }

    /** Lends the record to a function. */
    final class InPlace<R> implements RecordMapper<R> {
        private final Function<? super Message, ? extends R> mapper;

        InPlace(Function<? super Message, ? extends R> mapper) {
            this.mapper = mapper;
        }

        @Override
        public R map(Lane lane, RingConsumer consumer, int index) {
            MessageView message = lane.message;
            message.open(consumer, index);
            @Nullable R value;
            try {
                value = mapper.apply(message);
            } finally {
                message.expire();
            }
            if (value == null) {
                throw new NullPointerException("the receive mapper returned null for message " + consumer.sequence()
                        + "; return a value, or receive Optionals and filter");
            }
            return value;
        }
    }
}
