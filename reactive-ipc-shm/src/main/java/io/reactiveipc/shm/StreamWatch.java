package io.reactiveipc.shm;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.shm.node.NodeTable;
import io.reactiveipc.shm.ring.Ringer;
import io.reactiveipc.shm.segment.RingFile;
import io.reactiveipc.shm.segment.RingHeader;
import io.reactiveipc.shm.segment.StreamDirectory;
import io.reactiveipc.spi.SessionWatch;
import io.reactiveipc.spi.StreamDefinition;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/** Follows the rings in one stream's directory. One scan at a time, under the monitor. */
final class StreamWatch implements SessionWatch {
    /** More than the clock of any file system moves at a time: of two changes within one, the second may not show. */
    private static final Duration TICK = Duration.ofSeconds(3);

    private final StreamDefinition stream;
    private final StreamDirectory directory;
    private final NodeTable nodes;
    private final int ownRow;
    private final Ringer ringer;
    private final Listener listener;
    private final Consumer<StreamWatch> onClose;
    private final Map<Path, ShmSession> sessions = new HashMap<>();
    private final Set<Path> refused = new HashSet<>();
    private @Nullable FileTime seen;
    private boolean closed;

    StreamWatch(
            StreamDefinition stream,
            StreamDirectory directory,
            NodeTable nodes,
            int ownRow,
            Ringer ringer,
            Listener listener,
            Consumer<StreamWatch> onClose) {
        this.stream = stream;
        this.directory = directory;
        this.nodes = nodes;
        this.ownRow = ownRow;
        this.ringer = ringer;
        this.listener = listener;
        this.onClose = onClose;
    }

    StreamDirectory directory() {
        return directory;
    }

    /** The first look, which refuses what does not fit by throwing. */
    synchronized void open() {
        IpcException reason = look();
        if (reason != null) {
            throw reason;
        }
    }

    /** Looks for rings that came and rings that went. */
    synchronized void scan() {
        IpcException reason = closed ? null : look();
        if (reason != null) {
            listener.onRefused(reason);
        }
    }

    /** The same for who comes by without a reason: where nothing has changed since the last look, there is nothing to find. */
    synchronized void scanIfChanged() {
        FileTime now = directory.changed();
        if (now == null || !now.equals(seen)) {
            scan();
        }
    }

    private @Nullable IpcException look() {
        FileTime changed = directory.changed(); // before the look: what comes later shows
        List<Path> rings = directory.rings();
        sessions.entrySet().removeIf(entry -> entry.getValue().ended() && !rings.contains(entry.getKey()));
        refused.retainAll(rings);
        IpcException first = null;
        for (Path path : rings) {
            if (!sessions.containsKey(path) && !refused.contains(path)) {
                try {
                    found(path);
                } catch (IpcException e) {
                    refused.add(path);
                    first = first == null ? e : first;
                }
            }
        }
        boolean isAllKnown =
                sessions.size() + refused.size() == rings.size(); // and none that ends later is to be forgotten
        seen = isAllKnown
                        && changed != null
                        && changed.toInstant().isBefore(Instant.now().minus(TICK))
                ? changed
                : null;
        return first;
    }

    private void found(Path path) {
        RingFile file = RingFile.attach(path);
        if (file == null) { // it went in between
            return;
        }
        RingHeader header = file.header();
        String publisher = nodes.describe(header.nodeRow()); // before it is found alive, or it may be the next one's
        PeerInfo peer = nodes.peer(header.nodeRow());
        if (!nodes.alive(header.nodeRow(), header.node())) { // left by a dead process: the reaper's
            return;
        }
        checkFits(stream, header);
        ShmSession session = new ShmSession(file, stream.reading(), publisher, peer, ownRow, ringer, nodes.reaper());
        sessions.put(path, session);
        if (!session.ended()) {
            listener.onSession(session);
        }
    }

    /**
     * @throws IpcException if a ring that exists is of another type or capacity than the definition says
     */
    static void checkFits(StreamDefinition stream, RingHeader existing) {
        if (!stream.typeId().equals(existing.typeId())) {
            throw incompatible(stream, "type", "\"" + stream.typeId() + "\"", "\"" + existing.typeId() + "\"");
        }
        if (stream.capacity() != 0 && stream.capacity() != existing.capacity()) {
            throw incompatible(stream, "capacity", stream.capacity() + "", existing.capacity() + "");
        }
    }

    private static IpcException incompatible(StreamDefinition stream, String what, String here, String there) {
        return new IpcException(
                ErrorCode.INCOMPATIBLE_STREAM,
                "stream \"" + stream.name() + "\" has " + what + " " + there + " at its publisher, and " + here
                        + " was asked for here; use the same " + what + " on both sides, or another name");
    }

    /**
     * Tells readers of publishers that died.
     *
     * @return whether any did
     */
    synchronized boolean checkPublishers() {
        boolean found = false;
        for (ShmSession session : sessions.values()) {
            if (!session.isWhole()) {
                continue; // its readers find out
            }
            RingHeader header = session.header();
            if (!session.ended() && !nodes.alive(header.nodeRow(), header.node()) && !session.ended()) {
                session.lost(Instant.now());
                found = true;
            }
        }
        return found;
    }

    @Override
    public void refresh(Runnable then) {
        Schedulers.boundedElastic().schedule(() -> {
            try {
                scan();
            } finally {
                then.run();
            }
        });
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        onClose.accept(this);
    }
}
