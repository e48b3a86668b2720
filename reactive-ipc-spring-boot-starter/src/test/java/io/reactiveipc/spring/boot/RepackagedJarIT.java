package io.reactiveipc.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import io.reactiveipc.StreamSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The application of {@code src/it/shop}, built by a build of its own, as the one executable jar that users have. */
@Timeout(120)
class RepackagedJarIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Pattern PORT = Pattern.compile("started on port (\\d+)");

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> said = new ArrayList<>();
    private Process shop;
    private BufferedReader output;
    private String address;

    @BeforeEach
    void start() throws IOException {
        shop = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-jar",
                        System.getProperty("shop.jar"),
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--reactive-ipc.directory=" + directory)
                .redirectErrorStream(true)
                .start();
        output = shop.inputReader();
        Matcher port = PORT.matcher(readUntil("started on port"));
        assertThat(port.find()).isTrue();
        address = "http://127.0.0.1:" + port.group(1);
    }

    private String readUntil(String wanted) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            if (line.contains(wanted)) {
                return line;
            }
        }
        throw new AssertionError(
                "the application ended before it said \"" + wanted + "\":\n" + String.join("\n", said));
    }

    @AfterEach
    void kill() throws InterruptedException {
        shop.destroyForcibly().waitFor();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path)).timeout(SOON);
    }

    @Test
    void sharesStreamsAnswersRequestsAndEndsItsStreamsWhenItIsTerminated() throws Exception {
        readUntil("memory access: unsafe"); // the manifest's Add-Exports had its effect
        try (IpcNode other = IpcNode.builder().directory(directory).build()) {
            IpcSubscription<String> orders =
                    other.subscribe(StreamSpec.of("orders", Codec.utf8())).block(SOON);
            orders.awaitReady().block(SOON);
            var received = orders.receive().collectList().toFuture();
            HttpRequest order = request("/orders")
                    .POST(HttpRequest.BodyPublishers.ofString("two apples"))
                    .build();
            assertThat(client.send(order, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);

            IpcPublication<String> prices =
                    other.publish(StreamSpec.of("prices", Codec.utf8())).block(SOON);
            prices.awaitSubscribers(1)
                    .then(prices.emit("1.20"))
                    .then(prices.complete())
                    .subscribe();
            assertThat(client.send(request("/prices").build(), BodyHandlers.ofString())
                            .body())
                    .contains("data:1.20");

            shop.destroy();
            assertThat(received.get(30, TimeUnit.SECONDS)).containsExactly("two apples");
            assertThat(shop.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
