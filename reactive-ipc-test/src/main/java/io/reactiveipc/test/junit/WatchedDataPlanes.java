package io.reactiveipc.test.junit;

import io.reactiveipc.IpcException;
import io.reactiveipc.PeerInfo;
import io.reactiveipc.spi.DataPlane;
import io.reactiveipc.spi.DataPlaneProvider;
import io.reactiveipc.spi.Doorbell;
import io.reactiveipc.spi.NodeOptions;
import io.reactiveipc.spi.RingConsumer;
import io.reactiveipc.spi.RingProducer;
import io.reactiveipc.spi.Session;
import io.reactiveipc.spi.SessionWatch;
import io.reactiveipc.spi.SignalCounter;
import io.reactiveipc.spi.StreamDefinition;
import io.reactiveipc.test.internal.DelegatingConsumer;
import io.reactiveipc.test.internal.Leaks;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Data planes that remember which of their consumers were not closed before them: those with leases out. */
final class WatchedDataPlanes implements DataPlaneProvider {
    private final DataPlaneProvider provider;
    private final List<String> leaks;

    WatchedDataPlanes(DataPlaneProvider provider, List<String> leaks) {
        this.provider = provider;
        this.leaks = leaks;
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public DataPlane open(NodeOptions options) {
        return new WatchedDataPlane(provider.open(options), options.name(), leaks);
    }

    private static final class WatchedDataPlane implements DataPlane {
        private final DataPlane plane;
        private final String node;
        private final List<String> leaks;
        /** With the names of their streams. */
        private final Map<RingConsumer, String> open = new ConcurrentHashMap<>();

        WatchedDataPlane(DataPlane plane, String node, List<String> leaks) {
            this.plane = plane;
            this.node = node;
            this.leaks = leaks;
        }

        @Override
        public SessionWatch watch(StreamDefinition stream, SessionWatch.Listener listener) {
            return plane.watch(stream, new SessionWatch.Listener() {
                @Override
                public void onSession(Session session) {
                    listener.onSession(new WatchedSession(session, stream.name(), open));
                }

                @Override
                public void onRefused(IpcException reason) {
                    listener.onRefused(reason);
                }
            });
        }

        @Override
        public void close() {
            open.forEach((consumer, stream) -> leaks.add(Leaks.leases(node, stream, consumer.sessionId())));
            open.clear();
            plane.close();
        }

        @Override
        public RingProducer publish(StreamDefinition stream) {
            return plane.publish(stream);
        }

        @Override
        public SignalCounter signals(String name) {
            return plane.signals(name);
        }

        @Override
        public Doorbell openDoorbell(int loop, Thread sleeper) {
            return plane.openDoorbell(loop, sleeper);
        }

        @Override
        public PeerInfo self() {
            return plane.self();
        }

        @Override
        public Path directory() {
            return plane.directory();
        }

        @Override
        public Path socketDirectory() {
            return plane.socketDirectory();
        }

        @Override
        public boolean isAlive(UUID other) {
            return plane.isAlive(other);
        }

        @Override
        public void lookAfterDead() {
            plane.lookAfterDead();
        }
    }

    private record WatchedSession(Session session, String stream, Map<RingConsumer, String> open) implements Session {
        @Override
        public String id() {
            return session.id();
        }

        @Override
        public UUID node() {
            return session.node();
        }

        @Override
        public boolean ended() {
            return session.ended();
        }

        @Override
        public boolean mayOverwrite() {
            return session.mayOverwrite();
        }

        @Override
        public PeerInfo publisher() {
            return session.publisher();
        }

        @Override
        public RingConsumer join(boolean fromStart, RingConsumer.Losses losses) {
            RingConsumer consumer = new WatchedConsumer(session.join(fromStart, losses), open);
            open.put(consumer, stream);
            return consumer;
        }
    }

    private static final class WatchedConsumer extends DelegatingConsumer {
        private final Map<RingConsumer, String> open;

        WatchedConsumer(RingConsumer consumer, Map<RingConsumer, String> open) {
            super(consumer);
            this.open = open;
        }

        @Override
        public void close() {
            open.remove(this);
            super.close();
        }
    }
}
