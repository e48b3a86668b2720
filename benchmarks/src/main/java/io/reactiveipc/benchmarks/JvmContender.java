package io.reactiveipc.benchmarks;

import io.reactiveipc.benchmarks.peer.Peer;
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
    public Trial start(Scenario scenario, Path directory, Path log) throws IOException {
        return JvmTrial.start(peer, scenario, directory, log);
    }
}
