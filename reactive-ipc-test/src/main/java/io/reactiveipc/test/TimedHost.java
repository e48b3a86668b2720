package io.reactiveipc.test;

import io.reactiveipc.PeerInfo;
import io.reactiveipc.spi.ControlPlaneHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A node whose timers have done what they have to do when they return; else the node itself. */
final class TimedHost implements ControlPlaneHost {
    private final ControlPlaneHost node;
    private final Scheduler scheduler;

    TimedHost(ControlPlaneHost node, Mailbox mailbox) {
        this.node = node;
        this.scheduler = new TimedScheduler(node.scheduler(), mailbox);
    }

    @Override
    public PeerInfo self() {
        return node.self();
    }

    @Override
    public Path socketDirectory() {
        return node.socketDirectory();
    }

    @Override
    public boolean isAlive(UUID other) {
        return node.isAlive(other);
    }

    @Override
    public void peerGone(UUID other) {
        node.peerGone(other);
    }

    @Override
    public void wakeUp() {
        node.wakeUp();
    }

    @Override
    public long lagBehind(UUID other) {
        return node.lagBehind(other);
    }

    @Override
    public double ringFill(UUID other) {
        return node.ringFill(other);
    }

    @Override
    public Duration heartbeatInterval() {
        return node.heartbeatInterval();
    }

    @Override
    public Duration staleAfter() {
        return node.staleAfter();
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    private record TimedScheduler(Scheduler scheduler, Mailbox mailbox) implements Scheduler {
        @Override
        public Disposable schedule(Runnable task) {
            return scheduler.schedule(mailbox.timed(task));
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return scheduler.schedule(mailbox.timed(task), delay, unit);
        }

        @Override
        public Worker createWorker() {
            return scheduler.createWorker(); // nothing of a control plane's is timed by a worker
        }

        @Override
        public long now(TimeUnit unit) {
            return scheduler.now(unit);
        }
    }
}
