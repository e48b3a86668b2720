package io.reactiveipc.benchmarks;

import io.reactiveipc.benchmarks.limit.CLimit;
import io.reactiveipc.benchmarks.peer.Peers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** One column of the report. */
public interface Contender {
    /** What {@code --peers} and the report call it. */
    String name();

    /** One line for the report. */
    String description();

    /** Whether this machine and runtime have it. */
    boolean isAvailable();

    /** Whether it can do that. */
    boolean takesPart(Scenario scenario);

    /**
     * Starts it.
     *
     * @param directory for its files: empty, in memory, deleted afterwards
     * @param log for what its processes print
     * @throws MeasurementException if a process fails
     */
    Trial start(Scenario scenario, Path directory, Path log) throws IOException;

    /** All there are, in the order of the report. */
    static List<Contender> all() {
        return Stream.<Contender>concat(Peers.all().stream().map(JvmContender::new), Stream.of(new CLimit()))
                .toList();
    }

    static List<Contender> available() {
        return all().stream().filter(Contender::isAvailable).toList();
    }

    /** @throws UsageException naming what there is */
    static Contender named(String name) {
        return CompareOptions.named("peer", name, all(), Contender::name);
    }
}
