package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.StreamSpec;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

@Timeout(60)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ShopTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    @DynamicPropertySource
    static void inADirectoryOfItsOwn(DynamicPropertyRegistry properties) {
        properties.add("reactive-ipc.directory", directory::toString);
    }

    @Value("${local.server.port}")
    int port;

    private WebTestClient client() {
        return WebTestClient.bindToServer()
                .baseUrl("http://localhost:" + port)
                .responseTimeout(SOON)
                .build();
    }

    @Test
    void ordersReachTheOtherProcessAndItsPricesTheBrowser() {
        try (IpcNode other = IpcNode.builder().directory(directory).build()) {
            var orders = other.subscribe(StreamSpec.of("orders", Codec.utf8())).block(SOON);
            orders.awaitReady().block(SOON);
            var first = orders.receive().next().toFuture();
            client().post().uri("/orders").bodyValue("two apples").exchange().expectStatus().isOk();
            assertThat(first.join()).isEqualTo("two apples");

            IpcPublication<String> prices =
                    other.publish(StreamSpec.of("prices", Codec.utf8())).block(SOON);
            prices.awaitSubscribers(1).then(prices.emit("1.20")).then(prices.complete()).subscribe();
            assertThat(client().get()
                            .uri("/prices")
                            .exchange()
                            .returnResult(String.class)
                            .getResponseBody()
                            .collectList()
                            .block(SOON))
                    .containsExactly("1.20");
        }
    }
}
