package io.reactiveipc.spring.boot;

import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The meters of the application's node; a bean named {@code reactiveIpcMetrics} takes their place. */
@AutoConfiguration(after = IpcAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean(PeerBook.class)
public final class IpcMetricsAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean(name = "reactiveIpcMetrics")
    MeterBinder reactiveIpcMetrics(StreamBeans streams, PeerBook peers) {
        return new IpcMetrics(streams, peers);
    }
}
