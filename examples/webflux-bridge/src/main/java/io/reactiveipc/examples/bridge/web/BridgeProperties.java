package io.reactiveipc.examples.bridge.web;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Options of the application.
 *
 * @param launchFeed whether the application starts the feed itself, as a second process
 * @param restartAfter how long after its end the feed is started again; long enough to see that it is gone
 */
@ConfigurationProperties("bridge")
record BridgeProperties(
        @DefaultValue("true") boolean launchFeed,
        @DefaultValue("4s") Duration restartAfter) {}
