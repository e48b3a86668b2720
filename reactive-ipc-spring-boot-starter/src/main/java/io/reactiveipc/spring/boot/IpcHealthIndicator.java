package io.reactiveipc.spring.boot;

import io.reactiveipc.IpcException;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * What is known of the node, its streams and its peers, without asking anybody: reads a few words of shared memory.
 *
 * <pre>
 * status         | when
 * ---------------+----------------------------------------------------------------------
 * DOWN           | the node is closed
 * UNKNOWN        | the node is alone, because its directory cannot be used
 * OUT_OF_SERVICE | peers are required, and a subscription has no publisher or a peer is stale: nothing comes
 * UP             | else
 * </pre>
 *
 * <p>Who needs its peers to be there is for the application to say: processes start in any order, and one that reads may be
 * stopped. What is missing is told in any case. A publication without subscribers is no fault. Peers that left or crashed are
 * told of, and are missing only where a subscription has no publisher.
 */
final class IpcHealthIndicator extends AbstractHealthIndicator {
    private final IpcNode node;
    private final @Nullable NodeOpener opener;
    private final StreamBeans streams;
    private final PeerBook peers;
    private final boolean peersRequired;

    /** @param opener who opened the node, or null for a node of the application's own */
    IpcHealthIndicator(
            IpcNode node, @Nullable NodeOpener opener, StreamBeans streams, PeerBook peers, boolean peersRequired) {
        super("the health check of the IPC node failed");
        this.node = node;
        this.opener = opener;
        this.streams = streams;
        this.peers = peers;
        this.peersRequired = peersRequired;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        List<String> missing = new ArrayList<>();
        health.withDetail("node", node.name())
                .withDetail("directory", node.directory().toString());
        health.withDetail("publications", publications());
        health.withDetail("subscriptions", subscriptions(missing));
        health.withDetail("peers", peers(missing));
        if (!missing.isEmpty()) {
            health.withDetail("missing", missing);
        }
        IpcException refusal = opener == null ? null : opener.refusal();
        if (node.isDisposed()) {
            health.down().withDetail("closed", true);
        } else if (refusal != null) {
            health.unknown().withDetail("alone", String.valueOf(refusal.getMessage()));
        } else if (peersRequired && !missing.isEmpty()) {
            health.outOfService();
        } else {
            health.up();
        }
    }

    private Map<String, Object> publications() {
        Map<String, Object> details = new LinkedHashMap<>();
        streams.publications().forEach((id, publication) -> details.put(id, detail(publication)));
        return details;
    }

    private static Map<String, Object> detail(IpcPublication<?> publication) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("stream", publication.stream());
        if (publication.isDisposed()) {
            detail.put("ended", true);
        } else {
            long capacity = publication.capacityBytes();
            detail.put("subscribers", publication.subscriberCount());
            detail.put("capacity", capacity);
            detail.put("fill", rounded(Rings.used(publication) / capacity));
        }
        return detail;
    }

    private Map<String, Object> subscriptions(List<String> missing) {
        Map<String, Object> details = new LinkedHashMap<>();
        streams.subscriptions().forEach((id, subscription) -> details.put(id, detail(id, subscription, missing)));
        return details;
    }

    private static Map<String, Object> detail(String id, IpcSubscription<?> subscription, List<String> missing) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("stream", subscription.stream());
        if (subscription.isDisposed()) {
            detail.put("ended", true);
        } else {
            int publications = subscription.publicationCount();
            detail.put("publications", publications);
            detail.put("lag", subscription.lag());
            detail.put("lost", subscription.lost());
            if (publications == 0) {
                missing.add("a publisher of stream \"" + subscription.stream() + "\" for subscription " + id);
            }
        }
        return detail;
    }

    private List<Map<String, Object>> peers(List<String> missing) {
        Instant now = peers.now();
        List<Map<String, Object>> details = new ArrayList<>();
        for (PeerBook.Peer peer : peers.peers()) {
            details.add(detail(peer, now));
            if (peer.state() == PeerBook.State.STALE) {
                missing.add("a sign of life of peer " + peer.info());
            }
        }
        return details;
    }

    private static Map<String, Object> detail(PeerBook.Peer peer, Instant now) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("name", peer.info().name());
        detail.put("pid", peer.info().pid());
        detail.put("node", peer.info().node().toString());
        detail.put("state", peer.state().name().toLowerCase(Locale.ROOT));
        detail.put("since", peer.since().toString());
        if (!peer.remark().isEmpty()) {
            detail.put("remark", peer.remark());
        }
        if (!peer.state().isGone()) {
            detail.put("wants", List.copyOf(peer.streams()));
        }
        if (peer.heartbeat() != null) {
            detail.put("lastHeartbeat", peer.heartbeat().time().toString());
            detail.put("heartbeatAgeMillis", peer.silence(now).toMillis());
            detail.put("lag", peer.heartbeat().lagBytes());
            detail.put("fill", rounded(peer.heartbeat().ringFill()));
        }
        return detail;
    }

    private static double rounded(double fill) {
        return Math.round(fill * 1000) / 1000.0;
    }
}
