package io.reactiveipc.examples.bridge.web;

import io.reactiveipc.IpcNode;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** This process's part in the streams. */
@Configuration(proxyBeanMethods = false)
class NodeConfiguration {
    @Bean(destroyMethod = "close")
    IpcNode node(@Value("${reactive-ipc.name}") String name, @Value("${reactive-ipc.directory:}") String directory) {
        IpcNode.Builder builder = IpcNode.builder().name(name);
        if (!directory.isEmpty()) {
            builder.directory(Path.of(directory));
        }
        return builder.build();
    }
}
