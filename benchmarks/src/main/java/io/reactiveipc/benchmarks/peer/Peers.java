package io.reactiveipc.benchmarks.peer;

import java.util.List;
import java.util.stream.Collectors;

/** All contenders, in the order of the report. */
public final class Peers {
    /** What ratios refer to. */
    public static final String REFERENCE = "aeron";

    private static final List<Peer> ALL = List.of(
            ReactiveIpcPeer.mapping(),
            ReactiveIpcPeer.decoding(),
            ReactiveIpcPeer.withoutExport(),
            ReactiveIpcPeer.withoutHeartbeat(),
            new AeronPeer(),
            new AeronFluxPeer(),
            new AgronaPeer(),
            new ChroniclePeer(),
            new RSocketPeer(),
            new ReactorNettyPeer(),
            UnixSocketPeer.blocking(),
            UnixSocketPeer.waking());

    private Peers() {}

    public static List<Peer> all() {
        return ALL;
    }

    /** @throws IllegalArgumentException naming what there is */
    public static Peer named(String name) {
        return ALL.stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no peer \"" + name + "\"; there are "
                        + ALL.stream().map(Peer::name).collect(Collectors.joining(", "))));
    }
}
