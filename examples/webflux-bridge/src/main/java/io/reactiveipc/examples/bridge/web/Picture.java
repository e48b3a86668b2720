package io.reactiveipc.examples.bridge.web;

import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.PeerEvent;
import io.reactiveipc.examples.bridge.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** What there is to see of the streams and of the processes at their other ends: twice a second, and at each change of a peer. */
@Component
class Picture implements DisposableBean {
    /** How it is with the feed. */
    enum Feed {
        /** No process has published yet. */
        AWAITED,
        LIVE,
        /** It is silent because a command said so. */
        PAUSED,
        /** The process is there, and is silent or does not answer. */
        STALLED,
        /** The process has ended or died; the next one is waited for. */
        GONE
    }

    /**
     * @param at milliseconds since 1970
     * @param feedPid the process that published last, or 0
     * @param launched whether that process is one that this application launched, and alive
     * @param toBrowsers the ring from the process to here, as this side sees it
     * @param toProcess the ring from here to the process
     */
    record View(
            long at,
            Feed feed,
            long feedPid,
            boolean launched,
            String directory,
            Inbound toBrowsers,
            Outbound toProcess,
            Browsers browsers,
            List<Peers.Peer> peers) {}

    /** A ring that is read here. */
    record Inbound(String stream, int publications, long lagBytes, long capacityBytes) {}

    /** A ring that is written here. */
    record Outbound(String stream, int subscribers, long unreadBytes, long capacityBytes) {}

    /** @param conflated frames that slow browsers missed, all together */
    record Browsers(int count, long frames, long conflated) {}

    private static final Logger LOG = LoggerFactory.getLogger(Picture.class);
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final int REMEMBERED = 20;
    private static final int LATE = 3;
    private static final long SLACK_MILLIS = 2_000;

    private final IpcNode node;
    private final SharedFeed feed;
    private final CommandStream commands;
    private final FeedProcess process;
    private final Peers peers = new Peers();
    private final Sinks.Many<View> latest = Sinks.many().replay().latest();
    private final Sinks.Many<PeerMessage> changes = Sinks.many().replay().limit(REMEMBERED);
    /** What is free in an empty ring, which keeps a little for its end. */
    private long freeWhenEmpty;

    private final Disposable.Composite drawing = Disposables.composite();

    Picture(IpcNode node, SharedFeed feed, CommandStream commands, FeedProcess process) {
        this.node = node;
        this.feed = feed;
        this.commands = commands;
        this.process = process;
        drawing.add(node.events()
                .doOnNext(peers::apply)
                .filter(event -> !(event instanceof PeerEvent.Heartbeat))
                .subscribe(this::tell, error -> LOG.debug("no more events", error)));
        drawing.add(Flux.interval(INTERVAL).onBackpressureDrop().subscribe(tick -> draw()));
    }

    /** The latest view and those that follow; who is slow misses some. */
    Flux<View> views() {
        return latest.asFlux().onBackpressureLatest();
    }

    /** What happened to peers: the last {@value #REMEMBERED} changes, and those that follow. Heartbeats are in the views. */
    Flux<PeerMessage> changes() {
        return changes.asFlux().onBackpressureBuffer(REMEMBERED, BufferOverflowStrategy.DROP_OLDEST);
    }

    private void tell(PeerEvent event) {
        changes.tryEmitNext(PeerMessage.of(event));
        draw();
    }

    private synchronized void draw() {
        Snapshot last = feed.last();
        OptionalLong launched = process.pid();
        int publications = feed.subscription().publicationCount();
        List<Peers.Peer> all = peers.all();
        IpcPublication<?> out = commands.publication();
        long free = out.freeBytes();
        freeWhenEmpty = Math.max(freeWhenEmpty, free);
        long now = System.currentTimeMillis();
        latest.tryEmitNext(new View(
                now,
                state(last, publications, all, now),
                last == null ? 0 : last.pid(),
                last != null && launched.isPresent() && launched.getAsLong() == last.pid(),
                node.directory().toString(),
                new Inbound(
                        feed.subscription().stream(),
                        publications,
                        feed.subscription().lag(),
                        last == null ? 0 : last.ring().capacityBytes()),
                new Outbound(out.stream(), out.subscriberCount(), freeWhenEmpty - free, out.capacityBytes()),
                new Browsers(feed.browsers(), feed.received(), feed.conflated()),
                all));
    }

    /** @param last what came last, if anything did */
    static Feed state(@Nullable Snapshot last, int publications, List<Peers.Peer> peers, long now) {
        if (last == null) {
            return Feed.AWAITED;
        }
        // a successor that is there already counts from its first word on
        if (publications == 0 || anyOf(peers, last.pid(), Peers.State::gone)) {
            return Feed.GONE;
        }
        boolean paused = last.settings().paused();
        long silence = now - last.takenAt();
        if (anyOf(peers, last.pid(), state -> state == Peers.State.STALE)
                || !paused && silence > LATE * last.settings().intervalMillis() + SLACK_MILLIS) {
            return Feed.STALLED;
        }
        return paused ? Feed.PAUSED : Feed.LIVE;
    }

    private static boolean anyOf(List<Peers.Peer> peers, long pid, Predicate<Peers.State> state) {
        return peers.stream().anyMatch(peer -> peer.pid() == pid && state.test(peer.state()));
    }

    @Override
    public void destroy() {
        drawing.dispose();
    }
}
