package io.reactiveipc.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PhaseReportTest {
    private static PhaseReport report(String... messages) {
        Tally tally = new Tally();
        for (String message : messages) {
            byte[] bytes = message.getBytes(UTF_8);
            tally.add(bytes, bytes.length);
        }
        tally.ended();
        return tally.report(Phase.FLOOD);
    }

    @Test
    void isReadAsItWasWritten() {
        PhaseReport report =
                new PhaseReport(Phase.PACED, 1, 2, 0xfedcba98L, 4, new Percentiles(5, 6, 7, 8, Long.MAX_VALUE));
        assertThat(PhaseReport.parse(report.toLine())).contains(report);
        assertThat(Progress.parse(report.toLine())).isEmpty();
    }

    @Test
    void otherLinesAreNoReports() {
        assertThat(PhaseReport.parse("report to your superior")).isEmpty();
        assertThat(PhaseReport.parse(new Progress(Phase.FLOOD, 3).toLine())).isEmpty();
        assertThat(Progress.parse(new Progress(Phase.FLOOD, 3).toLine())).contains(new Progress(Phase.FLOOD, 3));
    }

    @Test
    void theSameMessagesAgree() {
        assertThat(report("one", "two").agreesWith(report("one", "two"))).isTrue();
        assertThat(report().agreesWith(report())).isTrue();
    }

    @Test
    void everyDifferenceShows() {
        PhaseReport sent = report("one", "two", "");
        assertThat(report("one", "two").agreesWith(sent)).as("lost").isFalse();
        assertThat(report("one", "two", "", "").agreesWith(sent)).as("twice").isFalse();
        assertThat(report("two", "one", "").agreesWith(sent)).as("order").isFalse();
        assertThat(report("one", "twp", "").agreesWith(sent)).as("changed").isFalse();
        assertThat(report("onet", "wo", "").agreesWith(sent))
                .as("cut elsewhere")
                .isFalse();
        assertThat(report("one", "", "two").agreesWith(sent))
                .as("order of an empty one")
                .isFalse();
    }
}
