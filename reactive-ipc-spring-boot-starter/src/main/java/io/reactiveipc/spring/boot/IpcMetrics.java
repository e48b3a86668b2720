package io.reactiveipc.spring.boot;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Meters that look at the rings when they are asked, and count nothing of themselves: messages cost what they cost without. */
final class IpcMetrics implements MeterBinder {
    private final StreamBeans streams;
    private final PeerBook peers;

    IpcMetrics(StreamBeans streams, PeerBook peers) {
        this.streams = streams;
        this.peers = peers;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        streams.publications().forEach((id, publication) -> bind(registry, id, publication));
        streams.subscriptions().forEach((id, subscription) -> bind(registry, id, subscription));
        for (PeerBook.State state : PeerBook.State.values()) {
            bind(registry, state);
        }
        TimeGauge.builder("reactive.ipc.peers.heartbeat.age", peers, TimeUnit.MILLISECONDS, IpcMetrics::silenceMillis)
                .description("Since the last sign of life of the peer that has been silent the longest")
                .register(registry);
    }

    private static void bind(MeterRegistry registry, String id, IpcPublication<?> publication) {
        Tags tags = Tags.of("publication", id, "stream", publication.stream());
        Gauge.builder("reactive.ipc.ring.capacity", publication, IpcPublication::capacityBytes)
                .description("Bytes of the ring")
                .baseUnit(BaseUnits.BYTES)
                .tags(tags)
                .register(registry);
        Gauge.builder("reactive.ipc.ring.used", publication, Rings::used)
                .description(
                        "Bytes of the ring that are not free: not taken by its slowest subscriber, or kept for the end")
                .baseUnit(BaseUnits.BYTES)
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("reactive.ipc.published", publication, IpcPublication::position)
                .description("Bytes written to the ring, headers of records included")
                .baseUnit(BaseUnits.BYTES)
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("reactive.ipc.published.messages", publication, IpcPublication::messages)
                .description("Messages written")
                .baseUnit(BaseUnits.MESSAGES)
                .tags(tags)
                .register(registry);
        Gauge.builder("reactive.ipc.subscribers", publication, Rings::subscribers)
                .description("Subscribers attached, in all processes")
                .tags(tags)
                .register(registry);
    }

    private static void bind(MeterRegistry registry, String id, IpcSubscription<?> subscription) {
        Tags tags = Tags.of("subscription", id, "stream", subscription.stream());
        Gauge.builder("reactive.ipc.lag", subscription, IpcSubscription::lag)
                .description("Bytes published and not yet taken")
                .baseUnit(BaseUnits.BYTES)
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("reactive.ipc.received.messages", subscription, IpcSubscription::received)
                .description("Messages taken")
                .baseUnit(BaseUnits.MESSAGES)
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("reactive.ipc.received", subscription, IpcSubscription::receivedBytes)
                .description("Bytes of the messages taken")
                .baseUnit(BaseUnits.BYTES)
                .tags(tags)
                .register(registry);
        Gauge.builder("reactive.ipc.leases", subscription, IpcSubscription::leased)
                .description("Leases that are out")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("reactive.ipc.lost", subscription, IpcSubscription::lost)
                .description("Messages that were overwritten before they were taken")
                .baseUnit(BaseUnits.MESSAGES)
                .tags(tags)
                .register(registry);
        Gauge.builder("reactive.ipc.publications", subscription, IpcSubscription::publicationCount)
                .description("Publications known and not ended")
                .tags(tags)
                .register(registry);
    }

    private void bind(MeterRegistry registry, PeerBook.State state) {
        Tags tags = Tags.of("state", state.name().toLowerCase(Locale.ROOT));
        if (state.isGone()) {
            FunctionCounter.builder("reactive.ipc.peers.gone", peers, book -> book.count(state))
                    .description("Peers that went away since the start")
                    .tags(tags)
                    .register(registry);
        } else {
            Gauge.builder("reactive.ipc.peers", peers, book -> book.count(state))
                    .description("Peers in this state")
                    .tags(tags)
                    .register(registry);
        }
    }

    private static double silenceMillis(PeerBook peers) {
        return peers.longestSilence()
                .map(Duration::toMillis)
                .map(Long::doubleValue)
                .orElse(Double.NaN);
    }
}
