package io.reactiveipc.examples.bridge.web;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;

/** The web application. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(BridgeProperties.class)
public class BridgeApplication {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeApplication.class);

    /** Starts it; Ctrl+C or closing the context ends it, and the feed it launched. */
    public static ConfigurableApplicationContext run(String... arguments) {
        ConfigurableApplicationContext context = SpringApplication.run(BridgeApplication.class, arguments);
        LOG.info("open http://localhost:{}", context.getEnvironment().getProperty("local.server.port"));
        return context;
    }
}
