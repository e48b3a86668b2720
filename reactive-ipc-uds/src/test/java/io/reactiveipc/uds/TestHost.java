package io.reactiveipc.uds;

import io.reactiveipc.PeerInfo;
import io.reactiveipc.spi.ControlPlaneHost;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/** A node that is told who is alive, and remembers what it was told. */
public class TestHost implements ControlPlaneHost {
    /** Who died, for all nodes of the test. */
    public final Set<UUID> dead;

    public final List<UUID> gone = new CopyOnWriteArrayList<>();
    public final AtomicInteger wakeUps = new AtomicInteger();
    public final PeerInfo self;
    public Duration heartbeatInterval = Duration.ZERO;
    public Duration staleAfter = Duration.ofSeconds(2);
    public @Nullable Scheduler scheduler;
    public volatile long lagBytes;
    public volatile double ringFill;
    private final Path directory;

    public TestHost(Path directory, String name, Set<UUID> dead) {
        this.directory = directory;
        this.dead = dead;
        this.self = new PeerInfo(
                UUID.randomUUID(), name, ProcessHandle.current().pid(), Instant.ofEpochSecond(1_700_000_000, 5));
    }

    public TestHost(Path directory, String name) {
        this(directory, name, ConcurrentHashMap.newKeySet());
    }

    @Override
    public PeerInfo self() {
        return self;
    }

    public UUID node() {
        return self.node();
    }

    @Override
    public Path socketDirectory() {
        return directory;
    }

    @Override
    public boolean isAlive(UUID node) {
        return !dead.contains(node);
    }

    @Override
    public void peerGone(UUID node) {
        gone.add(node);
    }

    @Override
    public void wakeUp() {
        wakeUps.incrementAndGet();
    }

    @Override
    public long lagBehind(UUID node) {
        return lagBytes;
    }

    @Override
    public double ringFill(UUID node) {
        return ringFill;
    }

    @Override
    public Duration heartbeatInterval() {
        return heartbeatInterval;
    }

    @Override
    public Duration staleAfter() {
        return staleAfter;
    }

    @Override
    public @Nullable Scheduler scheduler() {
        return scheduler;
    }
}
