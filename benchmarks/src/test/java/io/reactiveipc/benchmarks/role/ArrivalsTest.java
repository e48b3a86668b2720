package io.reactiveipc.benchmarks.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.benchmarks.peer.BadDataException;
import io.reactiveipc.benchmarks.peer.Waiting;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ArrivalsTest {
    @Test
    void eachSenderCountsOnItsOwn() {
        Arrivals arrivals = new Arrivals(2);

        arrivals.note(Arrivals.first(0));
        arrivals.note(Arrivals.first(1));
        arrivals.note(Arrivals.first(1) + 1);

        assertThat(arrivals.note(Arrivals.first(0) + 1)).isEqualTo(4);
    }

    @Test
    void aLostAnEarlyAndARepeatedMessageAreFound() {
        assertThatThrownBy(() -> new Arrivals(1).note(1))
                .isInstanceOf(BadDataException.class)
                .hasMessage("message 1 of sender 0 arrived where 0 was next");
        Arrivals arrivals = new Arrivals(1);
        arrivals.note(0);
        assertThatThrownBy(() -> arrivals.note(0)).isInstanceOf(BadDataException.class);
    }

    @Test
    void aSenderThatIsNotThereIsFound() {
        assertThatThrownBy(() -> new Arrivals(1).note(Arrivals.first(1))).isInstanceOf(BadDataException.class);
    }

    @Test
    void anAssignmentSurvivesItsWords() {
        Assignment assignment =
                new Assignment("aeron", Assignment.Task.SEND, Path.of("/x"), 1, 2, 3, 4, 5, 6, 64, Waiting.YIELD, 7);

        assertThat(Assignment.of(assignment.words().toArray(String[]::new))).isEqualTo(assignment);
    }

    @Test
    void tripsSurviveTheirTextRoundByRound() {
        Trips trips = new Trips();
        trips.record(99);
        trips.encode();
        trips.reset();
        trips.record(123);
        trips.record(456_789);
        Histogram same = Histograms.create();
        same.recordValue(123);
        same.recordValue(456_789);

        assertThat(Histograms.decode(trips.encode())).isEqualTo(same);
    }
}
