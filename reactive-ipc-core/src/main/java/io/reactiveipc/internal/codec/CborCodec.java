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
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Anything that Jackson can bind, as CBOR. Bound as Spring binds: properties that the reader does not know are skipped, and
 * Jackson modules on the class path (java.time, for one) are registered. Only the class asked for and what it declares is ever
 * created; the data cannot name classes.
 */
public final class CborCodec<T> implements Codec<T> {
    private static final String MAPPER = "com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper";
    private static final int MAX_TYPE_ID_BYTES = 255;

    private final Binding<T> binding;
    private final String typeId;

    private CborCodec(Class<T> type) {
        binding = new Binding<>(type);
        typeId = typeId(type.getName());
    }

    /**
     * A codec for one class.
     *
     * @throws IpcException with {@link ErrorCode#CODEC} if Jackson's CBOR is not on the class path
     */
    public static <T> CborCodec<T> of(Class<T> type) {
        Objects.requireNonNull(type, "type");
        try {
            Class.forName(MAPPER, false, CborCodec.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IpcException(
                    ErrorCode.CODEC,
                    "no CBOR codec for " + type.getName()
                            + ": add com.fasterxml.jackson.dataformat:jackson-dataformat-cbor to the class path, or pass a"
                            + " Codec of your own",
                    e);
        }
        return new CborCodec<>(type);
    }

    @Override
    public String typeId() {
        return typeId;
    }

    @Override
    public int encodedLength(T value) {
        byte[] bytes = binding.write(value);
        LastEncoding.keep(this, value, bytes);
        return bytes.length;
    }

    @Override
    public int encode(T value, MutableDirectBuffer buffer) {
        byte[] kept = LastEncoding.take(this, value);
        byte[] bytes = kept != null ? kept : binding.write(value);
        buffer.putBytes(0, bytes, 0, bytes.length);
        return bytes.length;
    }

    @Override
    public T decode(DirectBuffer buffer, int length) {
        return binding.read(BytesCodec.INSTANCE.decode(buffer, length));
    }

    /** A name too long for a type id keeps its head and ends in a hash of the whole. */
    static String typeId(String className) {
        String id = "cbor/" + className;
        if (utf8(id).length <= MAX_TYPE_ID_BYTES) {
            return id;
        }
        String tail = "~" + HexFormat.of().formatHex(sha256(utf8(className)), 0, 16);
        int end = id.length();
        while (utf8(id.substring(0, end)).length > MAX_TYPE_ID_BYTES - tail.length()
                || Character.isHighSurrogate(id.charAt(end - 1))) {
            end--;
        }
        return id.substring(0, end) + tail;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }

    /** All of Jackson, in a class of its own: the outer one must load and say what is missing where Jackson is not. */
    private static final class Binding<T> {
        private final Class<T> type;
        private final ObjectWriter writer;
        private final ObjectReader reader;

        Binding(Class<T> type) {
            ObjectMapper mapper = CBORMapper.builder()
                    .findAndAddModules()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();
            this.type = type;
            writer = mapper.writerFor(type);
            reader = mapper.readerFor(type);
        }

        byte[] write(T value) {
            try {
                return writer.writeValueAsBytes(value);
            } catch (JsonProcessingException e) {
                throw failure("cannot encode a " + type.getName() + " as CBOR: " + e.getOriginalMessage(), e);
            }
        }

        T read(byte[] bytes) {
            T value;
            try {
                value = reader.readValue(bytes);
            } catch (JsonProcessingException e) {
                throw failure(undecodable(bytes) + e.getOriginalMessage(), e);
            } catch (IOException e) {
                throw failure(undecodable(bytes) + e.getMessage(), e);
            }
            if (value == null) {
                throw failure(undecodable(bytes) + "they are CBOR's null, which no Flux can carry", null);
            }
            return value;
        }

        private String undecodable(byte[] bytes) {
            return "cannot decode " + bytes.length + " bytes of CBOR as " + type.getName() + ": ";
        }

        private static IpcException failure(String message, @Nullable Throwable cause) {
            return new IpcException(ErrorCode.CODEC, message, cause);
        }
    }
}
