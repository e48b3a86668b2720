package io.reactiveipc.internal.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.reactiveipc.Codec;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import java.io.IOException;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Anything that Jackson can bind, as CBOR. */
public final class CborCodec<T> implements Codec<T> {
    private final ObjectWriter writer;
    private final ObjectReader reader;
    private final Class<T> type;

    private CborCodec(Class<T> type) {
        ObjectMapper mapper = CBORMapper.builder()
                .findAndAddModules()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        this.type = type;
        writer = mapper.writerFor(type);
        reader = mapper.readerFor(type);
    }

    public static <T> CborCodec<T> of(Class<T> type) {
        return new CborCodec<>(type);
    }

    @Override
    public String typeId() {
        return "cbor/" + type.getName();
    }

    @Override
    public int encodedLength(T value) {
        return bytes(value).length;
    }

    @Override
    public int encode(T value, MutableDirectBuffer buffer) {
        byte[] bytes = bytes(value);
        buffer.putBytes(0, bytes, 0, bytes.length);
        return bytes.length;
    }

    private byte[] bytes(T value) {
        try {
            return writer.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IpcException(
                    ErrorCode.CODEC, "cannot encode a " + type.getName() + " as CBOR: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public T decode(DirectBuffer buffer, int length) {
        buffer.boundsCheck(0, length);
        byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes, 0, length);
        try {
            return reader.readValue(bytes);
        } catch (IOException e) {
            throw new IpcException(
                    ErrorCode.CODEC, "cannot decode a " + type.getName() + " from CBOR: " + e.getMessage(), e);
        }
    }
}
