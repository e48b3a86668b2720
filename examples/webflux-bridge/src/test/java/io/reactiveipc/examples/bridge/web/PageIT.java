package io.reactiveipc.examples.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;
import reactor.core.Disposable;

/** The page, in a real browser. Screenshots are in target/screenshots. Skipped where there is no Chromium with its driver. */
@Timeout(180)
class PageIT {
    private static final Path BROWSER = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WIDE = 1360;
    private static final int HEIGHT = 1380;
    private static final int NARROW = 420;

    @RegisterExtension
    final Place place = Place.forEach();

    @TempDir
    Path profile;

    private Bridge bridge;
    private ChromeDriver browser;

    @BeforeEach
    void open() {
        assumeTrue(
                Files.isExecutable(BROWSER) && Files.isExecutable(DRIVER),
                "needs " + BROWSER + " and " + DRIVER + ": apt-get install chromium chromium-driver");
        Logger.getLogger("org.openqa.selenium").setLevel(Level.SEVERE);
        bridge = place.application("--bridge.launch-feed=true", "--bridge.restart-after=3s");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(BROWSER.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + profile);
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .usingAnyFreePort()
                        .withLogOutput(OutputStream.nullOutputStream())
                        .build(),
                options);
        show("light", WIDE, HEIGHT);
        browser.get("http://127.0.0.1:" + bridge.port() + "/");
        awaitFeed("LIVE");
    }

    @AfterEach
    void close() {
        if (browser != null) {
            browser.quit();
        }
    }

    @Test
    void thePageShowsTheFeedsLifeItsDeathAndItsReturn() throws IOException {
        assertBarsFollowTheFeed();
        long first = bridge.bean(FeedProcess.class).pid().orElseThrow();
        assertThat(text("feed-pid")).isEqualTo(Long.toString(first));
        assertThat(browser.findElements(By.cssSelector("#processes tr"))).hasSizeGreaterThan(3);
        until(() -> text("peers").contains("ready"));
        pause(6);
        takePictures("live");

        ProcessHandle.of(first).orElseThrow().destroyForcibly();

        awaitFeed("GONE");
        assertThat(text("banner")).contains("pid " + first, "has died");
        until(() -> text("log").contains("crashed"));
        until(() -> text("state-detail").matches("[2-9].*")); // so long that the charts show it
        save("gone-light");
        awaitFeed("LIVE");
        until(() -> text("banner").contains("The feed is back"));
        long second = bridge.bean(FeedProcess.class).pid().orElseThrow();
        assertThat(second).isNotEqualTo(first);
        until(() -> text("feed-pid").equals(Long.toString(second)));
        assertBarsFollowTheFeed();
        assertNoErrors();
    }

    @Test
    void itsButtonsCommandTheProcess() {
        browser.findElement(By.cssSelector("[data-interval='100']")).click();
        until(() -> pressed("[data-interval='100']") && text("answer").startsWith("done"));

        browser.findElement(By.cssSelector("[data-sort='MEMORY']")).click();
        until(() -> pressed("[data-sort='MEMORY']"));

        browser.findElement(By.id("pause")).click();
        awaitFeed("PAUSED");
        browser.findElement(By.id("pause")).click();
        awaitFeed("LIVE");

        browser.findElement(By.cssSelector("[data-transport='sse']")).click();
        String number = text("app-frames");
        until(() -> pressed("[data-transport='sse']") && !text("app-frames").equals(number));

        String pid = text("feed-pid");
        browser.findElement(By.id("kill")).click();
        awaitFeed("GONE");
        until(() -> !text("feed-pid").equals(pid));
        assertNoErrors();
    }

    @Test
    void aPageOutlivesTheApplication() {
        int port = bridge.port();

        bridge.stop();
        awaitFeed("UNREACHABLE");
        bridge = place.application("--bridge.launch-feed=true", "--server.port=" + port);

        awaitFeed("LIVE");
    }

    /** Each of several bars is as long as the feed said at the time: on a busy machine, one may always be at its end. */
    private void assertBarsFollowTheFeed() {
        Map<Long, List<Double>> said = new ConcurrentHashMap<>();
        Map<Long, Double> drawn = new TreeMap<>();
        Disposable feed = bridge.bean(SharedFeed.class)
                .frames()
                .map(Frame::snapshot)
                .subscribe(snapshot -> said.put(snapshot.sequence(), snapshot.cores()));
        try {
            until(() -> {
                List<?> bar = (List<?>) browser.executeScript("const cores = document.getElementById('cores');"
                        + "return [cores.dataset.sequence, cores.querySelector('.bar i').style.transform]");
                long sequence = Long.parseLong((String) bar.get(0));
                if (said.containsKey(sequence)) {
                    drawn.put(sequence, Double.valueOf(((String) bar.get(1)).replaceAll("[^0-9.]", "")));
                }
                return drawn.size() >= 4;
            });
        } finally {
            feed.dispose();
        }
        assertThat(drawn).allSatisfy((sequence, length) -> assertThat(length)
                .isCloseTo(said.get(sequence).get(0), within(0.001)));
    }

    private void awaitFeed(String state) {
        until(() -> state.equals(browser.findElement(By.tagName("body")).getDomAttribute("data-feed")));
    }

    private void until(BooleanSupplier condition) {
        new WebDriverWait(browser, PATIENCE, Duration.ofMillis(50))
                .withMessage(() -> "the page says: "
                        + browser.findElement(By.tagName("body")).getText())
                .ignoring(StaleElementReferenceException.class)
                .until(b -> condition.getAsBoolean());
    }

    private String text(String id) {
        return browser.findElement(By.id(id)).getText();
    }

    private boolean pressed(String selector) {
        WebElement button = browser.findElement(By.cssSelector(selector));
        return "true".equals(button.getDomAttribute("aria-pressed"));
    }

    /** Lets so many frames come, for charts to have something to show. */
    private void pause(int frames) {
        long until = bridge.bean(SharedFeed.class).received() + frames;
        until(() -> bridge.bean(SharedFeed.class).received() >= until);
    }

    private void assertNoErrors() {
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                        .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                        .map(Object::toString))
                .isEmpty();
    }

    private void takePictures(String name) throws IOException {
        takePicture(name + "-light");
        show("dark", WIDE, HEIGHT);
        takePicture(name + "-dark");
        show("light", NARROW, 2760);
        takePicture(name + "-narrow");
        show("dark", 900, 1700);
        takePicture(name + "-middle");
        show("light", WIDE, HEIGHT);
    }

    private void show(String scheme, int width, int height) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    private void takePicture(String name) throws IOException {
        pause(2); // drawn anew
        save(name);
    }

    private void save(String name) throws IOException {
        Path directory =
                Files.createDirectories(Path.of(System.getProperty("bridge.screenshots", "target/screenshots")));
        Files.write(directory.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }
}
