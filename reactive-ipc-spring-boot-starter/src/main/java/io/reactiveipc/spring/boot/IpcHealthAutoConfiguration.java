package io.reactiveipc.spring.boot;

import io.reactiveipc.IpcNode;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * The health of the application's node as {@code reactiveIpc}. Off with {@code management.health.reactive-ipc.enabled=false};
 * a bean named {@code reactiveIpcHealthIndicator} or {@code reactiveIpcHealthContributor} takes its place.
 */
@AutoConfiguration(after = IpcAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(PeerBook.class)
@ConditionalOnEnabledHealthIndicator("reactive-ipc")
public final class IpcHealthAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean(name = {"reactiveIpcHealthIndicator", "reactiveIpcHealthContributor"})
    HealthIndicator reactiveIpcHealthContributor(
            IpcNode node,
            ObjectProvider<NodeOpener> opener,
            StreamBeans streams,
            PeerBook peers,
            IpcProperties properties) {
        return new IpcHealthIndicator(node, opener.getIfAvailable(), streams, peers, properties.peersRequired());
    }
}
