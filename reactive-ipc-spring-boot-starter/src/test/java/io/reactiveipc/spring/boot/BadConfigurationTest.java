package io.reactiveipc.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a user reads whose application does not start, and what an application has that starts all the same. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class BadConfigurationTest {
    @TempDir
    Path directory;

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({IpcAutoConfiguration.class, IpcHealthAutoConfiguration.class})
    static class Application {
        @Bean
        String aString() {
            return "taken";
        }
    }

    private static ConfigurableApplicationContext start(String... properties) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(Stream.of(properties).map(property -> "--" + property).toArray(String[]::new));
    }

    private String[] inTheDirectory(String... properties) {
        return Stream.concat(Stream.of("reactive-ipc.directory=" + directory), Arrays.stream(properties))
                .toArray(String[]::new);
    }

    private static void refuses(String... properties) {
        assertThatThrownBy(() -> start(properties).close()).isInstanceOf(Exception.class);
    }

    @ParameterizedTest
    @CsvSource({
        "reactive-ipc.heartbeat, -1s, 500ms for example",
        "reactive-ipc.stale-after, 100ms, longer than reactive-ipc.heartbeat",
        "reactive-ipc.poll-threads, 0, 1 to 16",
        "reactive-ipc.drain-timeout, -5s, 5s for example",
        "reactive-ipc.publications.ticks.capacity, 65537B, the next is 131072",
        "reactive-ipc.publications.ticks.capacity, 4GB, no ring is larger than 1GB",
        "reactive-ipc.publications.ticks.max-message-length, 1MB, 1 to 524288",
        "reactive-ipc.publications.ticks.max-subscribers, 65, 1 to 64",
        "reactive-ipc.publications.ticks.stream, a/b, use single dots",
        "reactive-ipc.publications.ticks.overflow, evict-slow, patience must be at least 1 ms",
        "reactive-ipc.publications.ticks.publish-policy, at-most-every, interval must be positive",
        "reactive-ipc.publications.ticks.history, 0, 1 to",
        "reactive-ipc.publications.ticks.history, 100000, raise capacity",
        "reactive-ipc.subscriptions.ticks.start, last, count must be positive",
        "reactive-ipc.subscriptions.ticks.delivery, newest, queue:<group>",
        "reactive-ipc.publications.ticks.codec, morse, UTF8",
        "reactive-ipc.subscriptions.ticks.max-leases, -1, 0 to 65536",
        "reactive-ipc.subscriptions.ticks.codec, morse, UTF8",
        "reactive-ipc.wait-strategy, never, BUSY_SPIN",
        "reactive-ipc.heartbeet, 1s, heartbeet",
    })
    void aWrongValueIsNamedWithItsPropertyAndTheRepair(
            String property, String value, String repair, CapturedOutput output) {
        refuses(inTheDirectory(property + "=" + value));
        assertThat(output.getOut())
                .contains("APPLICATION FAILED TO START")
                .contains(property)
                .contains(value.replaceFirst("(?<=\\d)\\D+$", "")) // units may be shown otherwise
                .contains(repair);
    }

    @Test
    void aBeanOfThatNameThatIsNoPublicationIsNamedWithItsType(CapturedOutput output) {
        refuses(inTheDirectory("reactive-ipc.publications.aString.codec=utf8"));
        assertThat(output.getOut())
                .contains("APPLICATION FAILED TO START")
                .contains("'reactive-ipc.publications.aString'")
                .contains("it is a java.lang.String. Choose another name");
    }

    @Test
    void oneNameForAPublicationAndASubscriptionIsRefused(CapturedOutput output) {
        refuses(inTheDirectory(
                "reactive-ipc.publications.ticks.codec=utf8", "reactive-ipc.subscriptions.ticks.codec=utf8"));
        assertThat(output.getOut())
                .contains("APPLICATION FAILED TO START")
                .contains("reactive-ipc.subscriptions.ticks")
                .contains("Rename one");
    }

    @Test
    void aStreamThatExistsOfAnotherTypeIsNamed(CapturedOutput output) {
        try (var other = start(inTheDirectory("reactive-ipc.publications.ticks.codec=utf8"))) {
            assertThat(other.isRunning()).isTrue();
            refuses(inTheDirectory(
                    "reactive-ipc.subscriptions.clock.codec=bytes", "reactive-ipc.subscriptions.clock.stream=ticks"));
        }
        assertThat(output.getOut())
                .contains("APPLICATION FAILED TO START")
                .contains("ticks")
                .contains("Use the same codec");
    }

    @Test
    void aDirectoryThatCannotBeUsedIsNamedWithTheRepairs(CapturedOutput output) throws Exception {
        Path file = Files.createFile(directory.resolve("a-file"));
        refuses("reactive-ipc.directory=" + file);
        assertThat(output.getOut())
                .contains("APPLICATION FAILED TO START")
                .contains(file + " is not a directory")
                .contains("reactive-ipc.directory")
                .contains("reactive-ipc.optional=true");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDirectoryThatCannotBeMadeIsNamedToo(CapturedOutput output) {
        refuses("reactive-ipc.directory=/proc/rings"); // also the superuser cannot write there
        assertThat(output.getOut())
                .contains("APPLICATION FAILED TO START")
                .contains("/proc/rings")
                .contains("reactive-ipc.optional=true");
    }

    @Test
    void anOptionalNodeIsAloneWhereTheDirectoryCannotBeUsed(CapturedOutput output) throws Exception {
        Path file = Files.createFile(directory.resolve("a-file"));
        Path refuge;
        try (ConfigurableApplicationContext context = start(
                "reactive-ipc.directory=" + file,
                "reactive-ipc.optional=true",
                "reactive-ipc.publications.ticks.codec=utf8")) {
            assertThat(output.getOut()).contains("is alone").contains(file + " is not a directory");

            IpcNode node = context.getBean(IpcNode.class);
            refuge = node.directory();
            assertThat(refuge).isDirectory().isNotEqualTo(file);

            @SuppressWarnings("unchecked")
            IpcPublication<String> ticks = context.getBean("ticks", IpcPublication.class);
            ticks.emit("to nobody").block(Duration.ofSeconds(20));

            Health health = context.getBean(HealthIndicator.class).health();
            assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
            assertThat(health.getDetails().get("alone")).asString().contains(file.toString());
        }
        assertThat(refuge).doesNotExist();
    }

    @Test
    void anOptionalNodeIsLikeAnyOtherWhereTheDirectoryCanBeUsed() throws Exception {
        try (ConfigurableApplicationContext context = start(inTheDirectory("reactive-ipc.optional=true"))) {
            assertThat(context.getBean(IpcNode.class).directory()).isEqualTo(directory.toRealPath());
            assertThat(context.getBean(HealthIndicator.class).health().getStatus())
                    .isEqualTo(Status.UP);
        }
    }

    @Test
    void whatIsNoFaultOfTheDirectoryIsNotOptional(CapturedOutput output) {
        refuses(inTheDirectory("reactive-ipc.optional=true", "reactive-ipc.poll-threads=17"));
        assertThat(output.getOut()).contains("1 to 16");
    }
}
