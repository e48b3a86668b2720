package io.reactiveipc.benchmarks;

import io.reactiveipc.benchmarks.peer.Peer;
import io.reactiveipc.benchmarks.report.Result;
import java.io.IOException;
import java.nio.file.Path;

/** A peer, measured between JVMs. */
record JvmContender(Peer peer) implements Contender {
    @Override
    public String name() {
        return peer.name();
    }

    @Override
    public String description() {
        return peer.description();
    }

    @Override
    public boolean isAvailable() {
        return peer.isAvailable();
    }

    @Override
    public boolean takesPart(Scenario scenario) {
        return (scenario.silentStreams() == 0 || peer.hasStreams())
                && (scenario.pattern() == Pattern.IDLE || !peer.isOnlySilent());
    }

    @Override
    public Result measure(Scenario scenario, Timing timing, Cores cores, int repeat, Path directory, Path log)
            throws IOException {
        return Measurement.run(peer, scenario, timing, cores, repeat, directory, log);
    }
}
