package io.reactiveipc.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.reactiveipc.Codec;
import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import reactor.core.publisher.Flux;

@Timeout(60)
class IpcAutoConfigurationTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private ApplicationContextRunner application = new ApplicationContextRunner();

    @BeforeEach
    void inADirectoryOfItsOwn() {
        application = application
                .withConfiguration(AutoConfigurations.of(
                        IpcAutoConfiguration.class,
                        IpcHealthAutoConfiguration.class,
                        IpcMetricsAutoConfiguration.class))
                .withPropertyValues("reactive-ipc.directory=" + directory);
    }

    // ---- the node ---------------------------------------------------------------------------------------------------

    @Test
    void aNodeIsOpenInTheDirectoryThatIsNamedAndClosesWithTheContext() {
        AtomicReference<IpcNode> seen = new AtomicReference<>();
        application.run(context -> {
            IpcNode node = context.getBean(IpcNode.class);
            assertThat(node.directory()).isEqualTo(directory.toRealPath());
            assertThat(node.isDisposed()).isFalse();
            seen.set(node);
        });
        assertThat(seen.get().isDisposed()).isTrue();
    }

    @Test
    void itIsNamedAfterTheApplicationAndItsProcess() {
        application.withPropertyValues("spring.application.name=prices").run(context -> assertThat(
                        context.getBean(IpcNode.class).name())
                .isEqualTo("prices-" + ProcessHandle.current().pid()));
    }

    @Test
    void aNameGivenIsTheName() {
        application
                .withPropertyValues("spring.application.name=prices", "reactive-ipc.name=eurex")
                .run(context ->
                        assertThat(context.getBean(IpcNode.class).name()).isEqualTo("eurex"));
    }

    @Test
    void nothingIsThereWhenItIsSwitchedOff() {
        application
                .withPropertyValues("reactive-ipc.enabled=false", "reactive-ipc.publications.ticks.codec=utf8")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context).doesNotHaveBean(IpcNode.class).doesNotHaveBean(IpcStreams.class);
                    assertThat(context).doesNotHaveBean("ticks").doesNotHaveBean("reactiveIpcMetrics");
                    assertThat(context).doesNotHaveBean(HealthIndicator.class);
                });
    }

    @Test
    void aNodeOfTheApplicationTakesItsPlaceAndCarriesTheConfiguredStreams() {
        application
                .withBean("mine", IpcNode.class, () -> IpcNode.builder()
                        .directory(directory)
                        .name("mine")
                        .build())
                .withPropertyValues("reactive-ipc.publications.ticks.codec=utf8")
                .run(context -> {
                    assertThat(context).hasSingleBean(IpcNode.class).hasSingleBean(IpcPublication.class);
                    assertThat(context.getBean(IpcNode.class).name()).isEqualTo("mine");
                    assertThat(context).doesNotHaveBean(NodeOpener.class).hasSingleBean(HealthIndicator.class);
                });
    }

    @Test
    void withoutControlPlaneThereAreStreamsButNoEvents() {
        application
                .withPropertyValues("reactive-ipc.control-plane=false", "reactive-ipc.publications.ticks.codec=utf8")
                .run(context -> {
                    assertThatThrownBy(() ->
                                    context.getBean(IpcNode.class).events().blockFirst(SOON))
                            .isInstanceOfSatisfying(IpcException.class, e -> assertThat(e.code())
                                    .isEqualTo(ErrorCode.NO_TRANSPORT));
                    assertThat(context.getBean(IpcPublication.class).isDisposed())
                            .isFalse();
                    assertThat(context.getBean(HealthIndicator.class).health().getStatus())
                            .hasToString("UP");
                });
    }

    @Test
    void aCustomizerHasTheLastWord() {
        application
                .withPropertyValues("reactive-ipc.name=from-a-property")
                .withBean(IpcNodeCustomizer.class, () -> builder -> builder.name("from-code"))
                .run(context ->
                        assertThat(context.getBean(IpcNode.class).name()).isEqualTo("from-code"));
    }

    @Test
    void everyOptionOfANodeCanBeNamed() {
        application
                .withPropertyValues(
                        "reactive-ipc.heartbeat=50ms",
                        "reactive-ipc.stale-after=1s",
                        "reactive-ipc.poll-threads=2",
                        "reactive-ipc.wait-strategy=blocking",
                        "reactive-ipc.drain-timeout=0")
                .run(context -> {
                    IpcProperties properties = context.getBean(IpcProperties.class);
                    assertThat(properties.heartbeat()).isEqualTo(Duration.ofMillis(50));
                    assertThat(properties.staleAfter()).isEqualTo(Duration.ofSeconds(1));
                    assertThat(properties.waitStrategy()).isEqualTo(IpcProperties.Waiting.BLOCKING);
                    assertThat(properties.drainTimeout()).isZero();
                    String node = context.getBean(IpcNode.class).name();
                    assertThat(Thread.getAllStackTraces().keySet())
                            .extracting(Thread::getName)
                            .contains("reactive-ipc-" + node + "-poll-0", "reactive-ipc-" + node + "-poll-1");
                });
    }

    // ---- streams of properties --------------------------------------------------------------------------------------

    @Configuration(proxyBeanMethods = false)
    static class Typed {
        @Bean
        String sent(IpcPublication<String> words, IpcPublication<byte[]> numbers) {
            return words.stream() + " and " + numbers.stream();
        }
    }

    @Test
    void publicationsAreBeansOfTheTypeOfTheirCodec() {
        application
                .withUserConfiguration(Typed.class)
                .withPropertyValues(
                        "reactive-ipc.publications.texts.stream=words",
                        "reactive-ipc.publications.texts.codec=utf8",
                        "reactive-ipc.publications.numbers.capacity=64KB",
                        "reactive-ipc.publications.numbers.max-subscribers=1")
                .run(context -> {
                    assertThat(context.getBean("sent")).isEqualTo("words and numbers");
                    assertThat(context.getBean("numbers", IpcPublication.class).capacityBytes())
                            .isEqualTo(64 * 1024);
                });
    }

    @Test
    void whatAPublicationOfOneApplicationSendsASubscriptionOfAnotherReceives() {
        application
                .withPropertyValues("reactive-ipc.publications.ticks.codec=utf8")
                .run(sender -> application
                        .withPropertyValues(
                                "reactive-ipc.subscriptions.clock.stream=ticks",
                                "reactive-ipc.subscriptions.clock.codec=utf8")
                        .run(receiver -> {
                            @SuppressWarnings("unchecked")
                            IpcPublication<String> ticks = sender.getBean("ticks", IpcPublication.class);
                            IpcSubscription<?> clock = receiver.getBean("clock", IpcSubscription.class);
                            var received = clock.receive().collectList().toFuture();
                            ticks.awaitSubscribers(1)
                                    .then(ticks.emit("tick"))
                                    .then(ticks.emit("tock"))
                                    .then(ticks.complete())
                                    .block(SOON);
                            assertThat(received.get()).isEqualTo(List.of("tick", "tock"));
                        }));
    }

    @Test
    void whoComesLateGetsAsMuchOfTheHistoryAsItAsksFor() {
        application
                .withPropertyValues(
                        "reactive-ipc.publications.ticks.codec=utf8",
                        "reactive-ipc.publications.ticks.overflow=overwrite-oldest",
                        "reactive-ipc.publications.ticks.history=10")
                .run(sender -> {
                    @SuppressWarnings("unchecked")
                    IpcPublication<String> ticks = sender.getBean("ticks", IpcPublication.class);
                    ticks.emit("1").then(ticks.emit("2")).then(ticks.emit("3")).block(SOON);
                    application
                            .withPropertyValues(
                                    "reactive-ipc.subscriptions.late.stream=ticks",
                                    "reactive-ipc.subscriptions.late.codec=utf8",
                                    "reactive-ipc.subscriptions.late.start=last",
                                    "reactive-ipc.subscriptions.late.last=2",
                                    "reactive-ipc.subscriptions.late.gap=skip-to-oldest")
                            .run(receiver -> {
                                IpcSubscription<?> late = receiver.getBean("late", IpcSubscription.class);
                                assertThat(late.receive().take(2).collectList().block(SOON))
                                        .isEqualTo(List.of("2", "3"));
                            });
                });
    }

    @Test
    void subscriptionsThatNameAQueueShareIt() {
        application
                .withPropertyValues("reactive-ipc.publications.ticks.codec=utf8")
                .run(sender -> {
                    @SuppressWarnings("unchecked")
                    IpcPublication<String> ticks = sender.getBean("ticks", IpcPublication.class);
                    application
                            .withPropertyValues(
                                    "reactive-ipc.subscriptions.one.stream=ticks",
                                    "reactive-ipc.subscriptions.one.codec=utf8",
                                    "reactive-ipc.subscriptions.one.delivery=queue:Workers",
                                    "reactive-ipc.subscriptions.other.stream=ticks",
                                    "reactive-ipc.subscriptions.other.codec=utf8",
                                    "reactive-ipc.subscriptions.other.delivery=queue-at-most-once:Workers")
                            .run(receiver -> {
                                IpcSubscription<?> one = receiver.getBean("one", IpcSubscription.class);
                                IpcSubscription<?> other = receiver.getBean("other", IpcSubscription.class);
                                CompletableFuture<List<Object>> both = Flux.<Object>merge(
                                                one.receive(), other.receive())
                                        .collectList()
                                        .toFuture();
                                ticks.awaitSubscribers(2).block(SOON);
                                ticks.emit("1")
                                        .then(ticks.emit("2"))
                                        .then(ticks.complete())
                                        .block(SOON);
                                assertThat(both.get(10, TimeUnit.SECONDS)).containsExactlyInAnyOrder("1", "2");
                            });
                });
    }

    @Test
    void aBeanOfTheApplicationTakesThePlaceOfAConfiguredStream() {
        application
                .withUserConfiguration(OwnStream.class)
                .withPropertyValues("reactive-ipc.publications.ticks.codec=bytes")
                .run(context -> assertThat(context.getBean("ticks", IpcPublication.class).stream())
                        .isEqualTo("own"));
    }

    // ---- streams of code --------------------------------------------------------------------------------------------

    @Configuration(proxyBeanMethods = false)
    static class OwnStream {
        @Bean
        @Lazy
        IpcPublication<String> ticks(IpcStreams streams) {
            return streams.publish(StreamSpec.of("own", Codec.utf8()));
        }
    }

    @Test
    void aStreamMadeInCodeIsOpenBeforeAnybodyAsksForItAndEndsWithTheContext() {
        AtomicReference<IpcPublication<?>> seen = new AtomicReference<>();
        application.withUserConfiguration(OwnStream.class).run(context -> {
            assertThat(context.getBeanFactory().getSingleton("ticks")).isNotNull();
            seen.set(context.getBean(IpcPublication.class));
            assertThat(seen.get().isDisposed()).isFalse();
        });
        assertThat(seen.get().isDisposed()).isTrue();
    }

    @Test
    void whoSubscribesElsewhereGetsEverythingAndTheCompletionWhenTheContextCloses() throws Exception {
        try (IpcNode other = IpcNode.builder().directory(directory).build()) {
            var received = other.subscribe(StreamSpec.of("own", Codec.utf8()))
                    .flatMapMany(IpcSubscription::receive)
                    .collectList()
                    .toFuture();
            application.withUserConfiguration(OwnStream.class).run(context -> {
                @SuppressWarnings("unchecked")
                IpcPublication<String> ticks = context.getBean(IpcPublication.class);
                ticks.awaitSubscribers(1).then(ticks.emit("last words")).block(SOON);
            });
            assertThat(received.get()).containsExactly("last words");
        }
    }

    @Test
    void aContextThatIsStoppedAndStartedAgainHasItsStreamsStill() {
        application.withUserConfiguration(OwnStream.class).run(context -> {
            @SuppressWarnings("unchecked")
            IpcPublication<String> ticks = context.getBean(IpcPublication.class);
            context.stop();
            context.start();
            ticks.emit("again").block(SOON);
            assertThat(context.getBean(IpcLifecycle.class).isRunning()).isTrue();
        });
    }

    // ---- what is optional -------------------------------------------------------------------------------------------

    @Test
    void healthAndMetersAreThereWhereTheirLibrariesAre() {
        application.run(context ->
                assertThat(context).hasBean("reactiveIpcHealthContributor").hasBean("reactiveIpcMetrics"));
    }

    @Test
    void withoutTheLibraryForHealthAllElseWorks() {
        application
                .withClassLoader(new FilteredClassLoader(HealthIndicator.class))
                .run(context -> assertThat(context)
                        .hasSingleBean(IpcNode.class)
                        .hasBean("reactiveIpcMetrics")
                        .doesNotHaveBean("reactiveIpcHealthContributor"));
    }

    @Test
    void withoutMicrometerAllElseWorks() {
        application.withClassLoader(new FilteredClassLoader("io.micrometer")).run(context -> assertThat(context)
                .hasSingleBean(IpcNode.class)
                .hasBean("reactiveIpcHealthContributor")
                .doesNotHaveBean("reactiveIpcMetrics"));
    }

    @Test
    void healthCanBeSwitchedOff() {
        application
                .withPropertyValues("management.health.reactive-ipc.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthIndicator.class));
    }

    @Test
    void beansOfTheApplicationTakeThePlaceOfHealthMetersAndStreams() {
        application.withUserConfiguration(Own.class).run(context -> assertThat(context)
                .hasSingleBean(HealthIndicator.class)
                .hasSingleBean(MeterBinder.class)
                .hasSingleBean(IpcStreams.class)
                .hasBean("mine"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Own {
        @Bean
        HealthIndicator reactiveIpcHealthIndicator() {
            return () -> Health.up().build();
        }

        @Bean
        MeterBinder reactiveIpcMetrics() {
            return registry -> {};
        }

        @Bean
        IpcStreams mine(IpcNode node) {
            return new IpcStreams(node);
        }
    }
}
