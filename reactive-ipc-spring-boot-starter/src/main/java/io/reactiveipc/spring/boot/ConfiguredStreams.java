package io.reactiveipc.spring.boot;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.Overflow;
import io.reactiveipc.PublishPolicy;
import io.reactiveipc.Start;
import io.reactiveipc.StreamSpec;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/** Opens the streams that properties name. {@link StreamBeanRegistrar} makes each of them a bean. */
final class ConfiguredStreams implements SmartInitializingSingleton {
    static final String PUBLICATIONS = IpcProperties.PREFIX + ".publications.";
    static final String SUBSCRIPTIONS = IpcProperties.PREFIX + ".subscriptions.";

    private final IpcProperties properties;
    private final IpcStreams streams;
    private final BeanFactory beans;

    ConfiguredStreams(IpcProperties properties, IpcStreams streams, BeanFactory beans) {
        this.properties = properties;
        this.streams = streams;
        this.beans = beans;
    }

    IpcPublication<?> publication(String id) {
        IpcProperties.Publication publication = properties.publications().get(id);
        String prefix = PUBLICATIONS + id + ".";
        return streams.publish(
                new Draft<>(id, publication.stream(), publication.codec().codec(), prefix)
                        .with("capacity", publication.capacity(), spec -> spec.capacity(bytes(publication.capacity())))
                        .with(
                                "max-message-length",
                                publication.maxMessageLength(),
                                spec -> spec.maxMessageLength(bytes(publication.maxMessageLength())))
                        .with(
                                "max-subscribers",
                                publication.maxSubscribers(),
                                spec -> spec.maxSubscribers(publication.maxSubscribers()))
                        .with(
                                "overflow",
                                publication.overflow(),
                                spec -> spec.overflow(new Overflow(publication.overflow(), publication.patience())))
                        .with(
                                "publish-policy",
                                publication.publishPolicy(),
                                spec -> spec.publishPolicy(
                                        new PublishPolicy(publication.publishPolicy(), publication.interval())))
                        .with("history", publication.history(), spec -> fitting(spec.history(publication.history())))
                        .spec()
                        .timestamps(publication.timestamps()));
    }

    IpcSubscription<?> subscription(String id) {
        IpcProperties.Subscription subscription = properties.subscriptions().get(id);
        String prefix = SUBSCRIPTIONS + id + ".";
        return streams.subscribe(new Draft<>(
                        id, subscription.stream(), subscription.codec().codec(), prefix)
                .with("capacity", subscription.capacity(), spec -> spec.capacity(bytes(subscription.capacity())))
                .with(
                        "start",
                        subscription.start(),
                        spec -> spec.start(new Start(subscription.start(), subscription.last())))
                .with(
                        "delivery",
                        subscription.delivery(),
                        spec -> readable(spec.gap(subscription.gap()).delivery(subscription.delivery())))
                .with("max-leases", subscription.maxLeases(), spec -> spec.maxLeases(subscription.maxLeases()))
                .spec()
                .awaitSuccessor(subscription.awaitSuccessor()));
    }

    private static <T> StreamSpec<T> fitting(StreamSpec<T> whole) {
        whole.definition().checkPublishing();
        return whole;
    }

    private static <T> StreamSpec<T> readable(StreamSpec<T> whole) {
        whole.definition().checkReading();
        return whole;
    }

    private static int bytes(@Nullable DataSize length) {
        long bytes = length == null ? 0 : length.toBytes();
        if (bytes != (int) bytes) {
            throw new IllegalArgumentException("no ring is larger than 1GB: " + length);
        }
        return (int) bytes;
    }

    /** A spec as it grows, so that what it refuses can be traced to a property. */
    private record Draft<T>(StreamSpec<T> spec, String prefix) {
        Draft(String id, @Nullable String stream, Codec<T> codec, String prefix) {
            this(checked(prefix + "stream", stream == null ? id : stream, name -> StreamSpec.of(name, codec)), prefix);
        }

        Draft<T> with(String property, @Nullable Object value, Function<StreamSpec<T>, StreamSpec<T>> change) {
            return value == null
                    ? this
                    : new Draft<>(checked(prefix + property, value, any -> change.apply(spec)), prefix);
        }

        private static <V, R> R checked(String property, V value, Function<V, R> use) {
            try {
                return use.apply(value);
            } catch (IllegalArgumentException e) {
                throw new InvalidConfigurationPropertyValueException(property, value, e.getMessage());
            }
        }
    }

    /** A bean of the application's own takes the place of a configured one; it must be one that can. */
    @Override
    public void afterSingletonsInstantiated() {
        requireType(properties.publications().keySet(), PUBLICATIONS, IpcPublication.class);
        requireType(properties.subscriptions().keySet(), SUBSCRIPTIONS, IpcSubscription.class);
    }

    private void requireType(Set<String> ids, String prefix, Class<?> type) {
        for (String id : ids) {
            if (!beans.isTypeMatch(id, type)) {
                Class<?> other = beans.getType(id);
                throw new InvalidConfigurationPropertyValueException(
                        prefix + id,
                        id,
                        "There is a bean of that name already, and it is a "
                                + (other == null ? "bean of another type" : other.getName())
                                + ". Choose another name, and keep the stream's with " + prefix + "<name>.stream.");
            }
        }
    }
}
