package io.reactiveipc.internal.buffer;

import io.reactiveipc.spi.Memory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Every kind of buffer that the contracts run on; Agrona's own only where this JVM lets it load. */
final class Buffers {
    private Buffers() {}

    /** Kinds with ordered and atomic access. */
    static Map<String, IntFunction<AtomicBuffer>> atomic() {
        Map<String, IntFunction<AtomicBuffer>> kinds = new LinkedHashMap<>();
        kinds.put("VarHandleBuffer, direct", capacity -> new VarHandleBuffer(ByteBuffer.allocateDirect(capacity)));
        kinds.put(
                "VarHandleBuffer, mapped",
                capacity -> new VarHandleBuffer(map(capacity).writable()));
        if (Memory.mode().equals("unsafe")) {
            kinds.put("UnsafeBuffer, direct", capacity -> new UnsafeBuffer(ByteBuffer.allocateDirect(capacity)));
        }
        return kinds;
    }

    /** Kinds that can be written. */
    static Map<String, IntFunction<MutableDirectBuffer>> writable() {
        Map<String, IntFunction<MutableDirectBuffer>> kinds = new LinkedHashMap<>();
        atomic().forEach((name, kind) -> kinds.put(name, kind::apply));
        kinds.put("VarHandleBuffer, heap", capacity -> new VarHandleBuffer(ByteBuffer.allocate(capacity)));
        kinds.put(
                "VarHandleBuffer, heap slice",
                capacity ->
                        new VarHandleBuffer(ByteBuffer.allocate(capacity + 13).slice(5, capacity)));
        kinds.put("Memory of an array", capacity -> Memory.wrap(new byte[capacity]));
        if (Memory.mode().equals("unsafe")) {
            kinds.put(
                    "UnsafeBuffer, part of an array",
                    capacity -> new UnsafeBuffer(new byte[capacity + 13], 5, capacity));
            kinds.put(
                    "UnsafeBuffer, part of a direct buffer",
                    capacity -> new UnsafeBuffer(ByteBuffer.allocateDirect(capacity + 13), 5, capacity));
        }
        for (Map.Entry<String, IntFunction<MutableDirectBuffer>> kind :
                Map.copyOf(kinds).entrySet()) {
            kinds.put("WriteView of " + kind.getKey(), capacity -> {
                WriteView view = new WriteView();
                view.bind(kind.getValue().apply(capacity + 32), 16, capacity);
                return view;
            });
        }
        return kinds;
    }

    record Mapping(ByteBuffer writable, ByteBuffer readOnly) {}

    static Mapping map(int capacity) {
        try {
            Path file = Files.createTempFile("buffer", ".bin");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(capacity), 0);
                return new Mapping(
                        channel.map(FileChannel.MapMode.READ_WRITE, 0, capacity),
                        channel.map(FileChannel.MapMode.READ_ONLY, 0, capacity));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
