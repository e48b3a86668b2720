package io.reactiveipc.examples.bridge.web;

import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;

/** Where the web socket is. Pages of other origins may not open it: browsers leave that to the server. */
@Configuration(proxyBeanMethods = false)
class SocketConfiguration {
    private static final String PATH = "/ws/feed";

    @Bean
    SimpleUrlHandlerMapping socketMapping(FeedSocket socket) {
        SimpleUrlHandlerMapping mapping = new SimpleUrlHandlerMapping(Map.of(PATH, socket), -1);
        mapping.setCorsConfigurations(Map.of(PATH, new CorsConfiguration()));
        return mapping;
    }
}
