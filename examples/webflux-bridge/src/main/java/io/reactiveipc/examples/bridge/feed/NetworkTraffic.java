package io.reactiveipc.examples.bridge.feed;

import io.reactiveipc.examples.bridge.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What goes through each network interface, of the counters in {@code /proc/net/dev}. */
final class NetworkTraffic {
    private record Counters(long received, long sent) {}

    private static final int SENT = 8;

    private Map<String, Counters> before = Map.of();

    /** Bytes per second since the last call; zero for interfaces that were not there then. */
    List<Snapshot.Traffic> next(List<String> lines, double seconds) {
        Map<String, Counters> now = new HashMap<>();
        List<Snapshot.Traffic> traffic = new ArrayList<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                continue; // the heading
            }
            String name = line.substring(0, colon).strip();
            String[] words = line.substring(colon + 1).strip().split(" +");
            Counters counters = new Counters(Long.parseLong(words[0]), Long.parseLong(words[SENT]));
            Counters old = before.getOrDefault(name, counters);
            now.put(name, counters);
            traffic.add(new Snapshot.Traffic(
                    name, rate(counters.received - old.received, seconds), rate(counters.sent - old.sent, seconds)));
        }
        before = now;
        return traffic;
    }

    private static double rate(long bytes, double seconds) {
        return seconds <= 0 ? 0 : Math.max(0, bytes / seconds);
    }
}
