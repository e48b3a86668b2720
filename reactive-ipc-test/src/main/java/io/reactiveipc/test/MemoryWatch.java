package io.reactiveipc.test;

import io.reactiveipc.IpcException;
import io.reactiveipc.spi.SessionWatch;
import io.reactiveipc.spi.StreamDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Follows the rings of one stream. One look at a time, under the monitor; whoever publishes has all watches look. */
final class MemoryWatch implements SessionWatch {
    private final MemoryDataPlane reader;
    private final StreamDefinition stream;
    private final Listener listener;
    private final Set<MemoryRing> known = new HashSet<>();
    private boolean closed;

    MemoryWatch(MemoryDataPlane reader, StreamDefinition stream, Listener listener) {
        this.reader = reader;
        this.stream = stream;
        this.listener = listener;
    }

    String streamName() {
        return stream.name();
    }

    boolean isOf(MemoryDataPlane plane) {
        return reader == plane;
    }

    /** The first look, which refuses what does not fit by throwing. */
    synchronized void open() {
        IpcException reason = look();
        if (reason != null) {
            throw reason;
        }
    }

    /** A node that does not run finds out when it does. */
    synchronized void scan() {
        IpcException reason = closed || !reader.runs() ? null : look();
        if (reason != null) {
            listener.onRefused(reason);
        }
    }

    private @Nullable IpcException look() {
        List<MemoryRing> rings = reader.registry().rings(stream.name());
        known.retainAll(rings);
        List<MemorySession> found = new ArrayList<>();
        IpcException first = null;
        for (MemoryRing ring : rings) {
            if (known.add(ring)) {
                try {
                    ring.requireFit(stream);
                    found.add(new MemorySession(ring, reader, stream.reading()));
                } catch (IpcException e) {
                    first = first == null ? e : first;
                }
            }
        }
        found.stream().filter(session -> !session.ended()).forEach(listener::onSession);
        return first;
    }

    @Override
    public void refresh(Runnable then) {
        scan();
        then.run();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        reader.closed(this);
    }
}
