package io.reactiveipc.examples.bridge.feed;

import io.reactiveipc.examples.bridge.Settings;
import io.reactiveipc.examples.bridge.Snapshot;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which processes use most, of the lines of {@code /proc/PID/stat}. */
final class ProcessTable {
    /** One line. {@code startTicks} tells a process from an earlier one of the same number. */
    record Line(long pid, String name, long cpuTicks, long startTicks, long residentPages) {
        private static final int USER_TICKS = 11;
        private static final int SYSTEM_TICKS = 12;
        private static final int START_TICKS = 19;
        private static final int RESIDENT_PAGES = 21;

        static Line of(String text) {
            // the name is in brackets, and may hold brackets and spaces itself
            int open = text.indexOf('(');
            int close = text.lastIndexOf(')');
            String[] words = text.substring(close + 2).strip().split(" ");
            return new Line(
                    Long.parseLong(text.substring(0, open).strip()),
                    text.substring(open + 1, close),
                    Long.parseLong(words[USER_TICKS]) + Long.parseLong(words[SYSTEM_TICKS]),
                    Long.parseLong(words[START_TICKS]),
                    Long.parseLong(words[RESIDENT_PAGES]));
        }
    }

    /** The kernel tells user space of hundredths of a second, whatever it counts itself. */
    private static final double TICKS_PER_SECOND = 100;

    private Map<Long, Line> before = Map.of();

    /** The first ones in an order; the processor time since the last call, none for processes that were not there then. */
    List<Snapshot.Task> next(Collection<Line> lines, double seconds, Settings.Sort sort, int count, long bytesPerPage) {
        Map<Long, Line> now = new HashMap<>();
        lines.forEach(line -> now.put(line.pid, line));
        Map<Long, Line> old = before;
        before = now;
        Comparator<Snapshot.Task> byCpu =
                Comparator.comparingDouble(Snapshot.Task::cpu).reversed();
        Comparator<Snapshot.Task> byMemory =
                Comparator.comparingLong(Snapshot.Task::residentBytes).reversed();
        return lines.stream()
                .map(line -> new Snapshot.Task(
                        line.pid, line.name, cpu(old.get(line.pid), line, seconds), line.residentPages * bytesPerPage))
                .sorted(sort == Settings.Sort.CPU ? byCpu.thenComparing(byMemory) : byMemory)
                .limit(count)
                .toList();
    }

    private static double cpu(@Nullable Line old, Line now, double seconds) {
        if (old == null || old.startTicks != now.startTicks || seconds <= 0) {
            return 0;
        }
        return (now.cpuTicks - old.cpuTicks) / TICKS_PER_SECOND / seconds;
    }
}
