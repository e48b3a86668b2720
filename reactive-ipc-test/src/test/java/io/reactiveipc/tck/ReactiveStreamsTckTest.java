package io.reactiveipc.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.spi.Memory;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;

/**
 * Runs the TCK and counts. A build in which TestNG found nothing to run, or skipped what it should have run, is red here:
 * with an engine on the class path instead, it would be green.
 */
@Timeout(240)
class ReactiveStreamsTckTest {
    @Test
    void receivingPassesThePublisherVerification() {
        run(ReceivePublisherVerification.class, 31);
    }

    @Test
    void signalsPassThePublisherVerification() {
        run(SignalsPublisherVerification.class, 31);
    }

    @Test
    void sendingPassesTheSubscriberVerification() {
        run(SendSubscriberVerification.class, 11);
    }

    private void run(Class<?> verification, int passed) {
        TestListenerAdapter results = new TestListenerAdapter();
        TestNG testng = new TestNG(false);
        testng.setVerbose(0);
        testng.setTestClasses(new Class<?>[] {verification});
        testng.addListener(results);
        testng.run();

        assertThat(results.getFailedTests())
                .as("failed")
                .map(ReactiveStreamsTckTest::describe)
                .isEmpty();
        assertThat(results.getConfigurationFailures())
                .as("failed set-ups")
                .map(ReactiveStreamsTckTest::describe)
                .isEmpty();
        assertThat(results.getSkippedTests().stream()
                        .filter(result -> !result.getName().contains("untested_")))
                .as("skipped, though the TCK can test them")
                .map(ReactiveStreamsTckTest::describe)
                .isEmpty();
        assertThat(results.getPassedTests().size()).as("passed").isEqualTo(passed);
        System.out.printf(
                "Reactive Streams TCK, %s memory, %s: %d passed, %d that the TCK cannot test%n",
                Memory.mode(),
                verification.getSimpleName(),
                passed,
                results.getSkippedTests().size());
    }

    private static String describe(ITestResult result) {
        StringWriter text = new StringWriter();
        Throwable error = result.getThrowable();
        if (error != null) {
            error.printStackTrace(new PrintWriter(text));
        }
        return result.getName() + ": " + text;
    }
}
