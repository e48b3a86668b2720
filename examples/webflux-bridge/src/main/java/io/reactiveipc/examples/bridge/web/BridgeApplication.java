package io.reactiveipc.examples.bridge.web;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;

/** The web application. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(BridgeProperties.class)
public class BridgeApplication {
    /** Starts it; Ctrl+C or closing the context ends it, and the feed it launched. */
    public static ConfigurableApplicationContext run(String... arguments) {
        return SpringApplication.run(BridgeApplication.class, arguments);
    }
}
