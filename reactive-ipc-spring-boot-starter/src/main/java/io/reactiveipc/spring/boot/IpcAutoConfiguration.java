package io.reactiveipc.spring.boot;

import io.reactiveipc.IpcNode;
import java.time.Clock;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * The application's {@link IpcNode}, its streams, and their place in the application's life. Off with {@code
 * reactive-ipc.enabled=false}; a node of the application's own takes the place of this one.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(prefix = IpcProperties.PREFIX, name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(IpcProperties.class)
@Import(StreamBeanRegistrar.class)
public final class IpcAutoConfiguration {
    /**
     * The {@link SmartLifecycle#getPhase() phase} in which streams are opened and, when the application stops, drained: below
     * that of the web server, which starts after it and has stopped, with all its requests, before it.
     */
    public static final int LIFECYCLE_PHASE = SmartLifecycle.DEFAULT_PHASE - 3 * 1024;

    @Bean
    @ConditionalOnMissingBean(IpcNode.class)
    NodeOpener reactiveIpcNodeOpener(
            IpcProperties properties, ObjectProvider<IpcNodeCustomizer> customizers, Environment environment) {
        return new NodeOpener(
                properties, customizers.orderedStream().toList(), environment.getProperty("spring.application.name"));
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    IpcNode reactiveIpcNode(NodeOpener opener) {
        return opener.open();
    }

    @Bean
    @ConditionalOnMissingBean
    IpcStreams reactiveIpcStreams(IpcNode node) {
        return new IpcStreams(node);
    }

    @Bean(StreamBeanRegistrar.OPENER)
    ConfiguredStreams reactiveIpcConfiguredStreams(IpcProperties properties, IpcStreams streams, BeanFactory beans) {
        return new ConfiguredStreams(properties, streams, beans);
    }

    @Bean
    StreamBeans reactiveIpcStreamBeans(ListableBeanFactory beans) {
        return new StreamBeans(beans);
    }

    @Bean
    IpcLifecycle reactiveIpcLifecycle(IpcNode node, StreamBeans streams, IpcProperties properties) {
        return new IpcLifecycle(streams, properties.drainTimeout());
    }

    /** Listens to events once somebody wants to know. */
    @Bean
    @Lazy
    PeerBook reactiveIpcPeerBook(IpcNode node) {
        return new PeerBook(node.events(), Clock.systemUTC());
    }
}
