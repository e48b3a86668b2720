package io.reactiveipc.examples.bridge.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.reactiveipc.examples.bridge.Settings;
import io.reactiveipc.examples.bridge.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What files of {@code /proc} say, and what becomes of it. */
@Timeout(20)
class ProcTest {
    private static final Snapshot.Ring RING = new Snapshot.Ring(1024, 512, 1);
    private static final String REST = " 20 0 1 0 %d 1000000 %d 18446744073709551615 1 1 0 0 0 0 0";

    @Test
    void memoryIsInBytesAndWhatIsMissingIsZero() {
        assertThat(MemoryUse.of(List.of(
                        "MemTotal:       24657468 kB",
                        "MemFree:        20000000 kB",
                        "MemAvailable:   22000000 kB",
                        "Buffers:            1000 kB",
                        "Cached:             3000 kB",
                        "HugePages_Total:       0")))
                .isEqualTo(new Snapshot.Memory(24_657_468L << 10, 22_000_000L << 10, 4_000L << 10, 0, 0));
    }

    @Test
    void trafficIsPerSecondAndAnInterfaceThatComesBeginsAtZero() {
        NetworkTraffic traffic = new NetworkTraffic();
        traffic.next(net("    lo: 1000 9 0 0 0 0 0 0 2000 9 0 0 0 0 0 0"), 1);

        assertThat(traffic.next(
                        net(
                                "    lo: 1500 9 0 0 0 0 0 0 4000 9 0 0 0 0 0 0",
                                "  eth0:7777 9 0 0 0 0 0 0 8888 9 0 0 0 0 0 0"),
                        0.5))
                .containsExactly(new Snapshot.Traffic("lo", 1000, 4000), new Snapshot.Traffic("eth0", 0, 0));
    }

    @Test
    void aProcessesNameMayHoldBracketsAndSpaces() {
        ProcessTable.Line line = ProcessTable.Line.of(stat(42, "a (b) c) d", 7, 5, 900, 3));

        assertThat(line).isEqualTo(new ProcessTable.Line(42, "a (b) c) d", 12, 900, 3));
    }

    @Test
    void processesAreInTheOrderThatIsAskedForAndNoMoreThanThat() {
        ProcessTable table = new ProcessTable();
        List<ProcessTable.Line> before = List.of(line(1, 100, 10, 50), line(2, 100, 10, 70), line(3, 100, 10, 60));
        table.next(before, 1, Settings.Sort.CPU, 3, 4096);
        List<ProcessTable.Line> after = List.of(line(1, 110, 10, 50), line(2, 100, 10, 70), line(3, 140, 10, 60));

        List<Snapshot.Task> tasks = table.next(after, 0.5, Settings.Sort.CPU, 2, 4096);

        assertThat(tasks).extracting(Snapshot.Task::pid).containsExactly(3L, 1L);
        assertThat(tasks.get(0).cpu()).isCloseTo(0.8, within(1e-9));
        assertThat(tasks.get(0).residentBytes()).isEqualTo(60 * 4096);
        assertThat(table.next(after, 0.5, Settings.Sort.MEMORY, 2, 4096))
                .extracting(Snapshot.Task::pid)
                .containsExactly(2L, 3L);
    }

    @Test
    void aNewProcessOfAnOldNumberIsNotTakenForTheOldOne() {
        ProcessTable table = new ProcessTable();
        table.next(List.of(line(1, 100, 10, 1)), 1, Settings.Sort.CPU, 1, 1);

        assertThat(table.next(List.of(line(1, 5000, 999, 1)), 1, Settings.Sort.CPU, 1, 1))
                .extracting(Snapshot.Task::cpu)
                .containsExactly(0.0);
    }

    @Test
    void thisMachineIsReadAsItIs() {
        Machine machine = new Machine(Path.of("/proc"));

        Snapshot snapshot = machine.look(Settings.initial(), RING);

        assertThat(snapshot.sequence()).isZero();
        assertThat(snapshot.cores()).hasSizeGreaterThanOrEqualTo(1).allMatch(load -> load >= 0 && load <= 1);
        assertThat(snapshot.memory().totalBytes())
                .isGreaterThan(snapshot.memory().availableBytes());
        assertThat(snapshot.processes()).isNotEmpty();
        assertThat(snapshot.processes().get(0).residentBytes()).isPositive();
        assertThat(machine.look(Settings.initial(), RING).sequence()).isEqualTo(1);
    }

    private static List<String> net(String... lines) {
        List<String> all = new ArrayList<>(List.of(
                "Inter-|   Receive                                                |  Transmit",
                " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs"));
        all.addAll(List.of(lines));
        return all;
    }

    private static String stat(long pid, String name, long user, long system, long start, long pages) {
        return pid + " (" + name + ") S 1 1 1 0 -1 4194560 1 1 1 1 " + user + " " + system + " 0 0"
                + String.format(REST, start, pages) + "\n";
    }

    private static ProcessTable.Line line(long pid, long ticks, long start, long pages) {
        return new ProcessTable.Line(pid, "p" + pid, ticks, start, pages);
    }
}
