package io.reactiveipc.examples.bridge.web;

import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.examples.bridge.Command;
import io.reactiveipc.examples.bridge.Snapshot;
import io.reactiveipc.examples.bridge.Streams;
import io.reactiveipc.spring.boot.IpcStreams;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The two streams as beans, of the node that the starter opens: it drains and closes them, and tells of their health. */
@Configuration(proxyBeanMethods = false)
class StreamConfiguration {
    @Bean
    IpcSubscription<Snapshot> machine(IpcStreams streams) {
        return streams.subscribe(Streams.MACHINE);
    }

    @Bean
    IpcPublication<Command> commands(IpcStreams streams) {
        return streams.publish(Streams.COMMANDS);
    }
}
