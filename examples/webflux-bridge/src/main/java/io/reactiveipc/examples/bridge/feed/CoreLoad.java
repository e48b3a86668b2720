package io.reactiveipc.examples.bridge.feed;

import java.util.ArrayList;
import java.util.List;

/** The load of each core, of the counters in {@code /proc/stat}. */
final class CoreLoad {
    private record Ticks(long idle, long all) {}

    private static final int IDLE = 4;
    private static final int IO_WAIT = 5;
    private static final int STEAL = 8;

    private List<Ticks> before = List.of();

    /** From 0 to 1 since the last call; zero at the first one, or if cores came or went. */
    List<Double> next(List<String> lines) {
        List<Ticks> now = lines.stream()
                .filter(line -> line.startsWith("cpu") && !line.startsWith("cpu "))
                .map(CoreLoad::ticks)
                .toList();
        List<Double> loads = new ArrayList<>(now.size());
        for (int i = 0; i < now.size(); i++) {
            loads.add(before.size() == now.size() ? load(before.get(i), now.get(i)) : 0);
        }
        before = now;
        return loads;
    }

    private static double load(Ticks before, Ticks now) {
        long all = now.all - before.all;
        // the kernel may count waiting for disks backwards
        return all <= 0 ? 0 : Math.max(0, Math.min(1, 1 - (now.idle - before.idle) / (double) all));
    }

    private static Ticks ticks(String line) {
        String[] words = line.split(" +");
        long all = 0;
        // guests' time, behind these, is contained in the user's
        for (int i = 1; i <= Math.min(STEAL, words.length - 1); i++) {
            all += Long.parseLong(words[i]);
        }
        return new Ticks(Long.parseLong(words[IDLE]) + Long.parseLong(words[IO_WAIT]), all);
    }
}
