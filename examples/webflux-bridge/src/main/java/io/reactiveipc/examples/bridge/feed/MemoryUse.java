package io.reactiveipc.examples.bridge.feed;

import io.reactiveipc.examples.bridge.Snapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The memory of the machine, of {@code /proc/meminfo}. */
final class MemoryUse {
    private static final long KIB = 1024;

    private MemoryUse() {}

    static Snapshot.Memory of(List<String> lines) {
        Map<String, Long> bytes = new HashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            String[] words = line.substring(colon + 1).strip().split(" ");
            bytes.put(line.substring(0, colon), Long.parseLong(words[0]) * (words.length > 1 ? KIB : 1));
        }
        return new Snapshot.Memory(
                bytes.getOrDefault("MemTotal", 0L),
                bytes.getOrDefault("MemAvailable", bytes.getOrDefault("MemFree", 0L)),
                bytes.getOrDefault("Cached", 0L) + bytes.getOrDefault("Buffers", 0L),
                bytes.getOrDefault("SwapTotal", 0L),
                bytes.getOrDefault("SwapFree", 0L));
    }
}
