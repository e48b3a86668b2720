package io.reactiveipc.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.RemoteErrorException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes find each other in any order, and part in order. */
@Timeout(120)
class MeetingIT {
    private static final int ROUNDS = 30;

    /** Messages that a publisher may hand over as one. */
    private static final int LONGEST_RUN = 512;

    private static final Object[] LENGTHS = {"min", 16, "usual", 200, "max", 4096};

    @RegisterExtension
    final Children children = new Children();

    @Test
    void publisherAndSubscriberMeetInEveryOrder() {
        List<ChildJvm> jvms = children.start("publisher", "subscriber");
        ChildJvm publisher = jvms.get(0);
        ChildJvm subscriber = jvms.get(1);
        jvms.forEach(jvm -> jvm.ask("close"));
        for (int round = 0; round < ROUNDS; round++) {
            switch (round % 3) {
                case 0 -> {
                    publisher.ask("open");
                    publisher.ask("publish", on("round " + round));
                    subscriber.ask("open");
                    subscriber.ask("subscribe", on("round " + round));
                    subscriber.ask("receive");
                }
                case 1 -> {
                    subscriber.ask("open");
                    subscriber.ask("subscribe", on("round " + round));
                    subscriber.ask("receive");
                    publisher.ask("open");
                    publisher.ask("publish", on("round " + round));
                }
                default -> {
                    jvms.forEach(jvm -> jvm.begin("open"));
                    publisher.begin("publish", on("round " + round));
                    subscriber.begin("subscribe", on("round " + round));
                    subscriber.begin("receive");
                    publisher.answer();
                    publisher.answer();
                    subscriber.answer();
                    subscriber.answer();
                    subscriber.answer();
                }
            }
            publisher.ask("await", "subscribers", 1);
            publisher.ask("send", "count", 2000);
            long sum = publisher.await("sent").number("sum");
            publisher.ask("complete");
            Line ended = subscriber.await("ended");
            assertThat(ended.text("how")).as("round " + round + ": " + ended).isEqualTo("complete");
            assertThat(ended.number("first.1")).isZero();
            assertThat(ended.number("next.1")).isEqualTo(2000);
            assertThat(ended.number("sum.1")).isEqualTo(sum);
            jvms.get(round % 2).ask("close");
            jvms.get(1 - round % 2).ask("close");
            assertThat(children.leftovers()).isEmpty();
        }
    }

    @Test
    void aPublicationThatAppearsLaterIsReceivedFromItsFirstMessage() {
        List<ChildJvm> jvms = children.start("subscriber", "first", "second");
        jvms.get(0).ask("subscribe", on("later"));
        jvms.get(0).ask("receive");
        jvms.get(1).ask("publish", on("later", "seed", 1));
        jvms.get(1).ask("send", "count", 1000);
        jvms.get(0).ask("ready");
        jvms.get(0).askUntil("receiver", line -> line.number("count") == 1000);

        jvms.get(2).ask("publish", on("later", "seed", 2));
        jvms.get(2).ask("send", "count", 1000);
        Line both = jvms.get(0).askUntil("receiver", line -> line.number("count") == 2000);

        assertThat(both.number("first.1")).isZero();
        assertThat(both.number("first.2")).isZero();
        assertThat(both.number("publications")).isEqualTo(2);
        jvms.get(1).ask("complete");
        jvms.get(0).askUntil("receiver", line -> line.number("publications") == 1);
        assertThat(jvms.get(0).ask("receiver").number("terminals")).isZero();
        jvms.get(2).ask("complete");
        assertThat(jvms.get(0).await("ended").text("how")).isEqualTo("complete");
    }

    @Test
    void aSubscriberThatJoinsLaterSeesAllFromThenOn() {
        List<ChildJvm> jvms = children.start("publisher", "early", "late");
        jvms.get(0).ask("publish", on("joined"));
        jvms.get(1).ask("subscribe", on("joined"));
        jvms.get(1).ask("receive");
        jvms.get(0).ask("await", "subscribers", 1);
        jvms.get(0).ask("send");
        long before = 0;
        for (int round = 1; round <= 10; round++) {
            long enough = before + 5000;
            before = jvms.get(1)
                    .askUntil("receiver", line -> line.number("count") > enough)
                    .number("next.1");
            jvms.get(2).ask("subscribe", on("joined"));
            jvms.get(2).ask("receive");
            Line got = jvms.get(2).askUntil("receiver", line -> line.number("count") > 1000);
            // Stamps are visible before the tail that a joiner starts at, so it may see a run that others have seen.
            assertThat(got.number("first.1")).isGreaterThanOrEqualTo(before - LONGEST_RUN);
            if (round < 10) {
                jvms.get(2).ask("cancel");
                assertThat(jvms.get(2).await("ended").text("how")).isEqualTo("cancel");
            }
        }
        jvms.get(0).ask("stop");
        jvms.get(0).ask("complete");
        long sent = jvms.get(0).ask("sender").number("sent");

        for (ChildJvm subscriber : jvms.subList(1, 3)) {
            Line ended = subscriber.await("ended");
            assertThat(ended.text("how")).as(ended.toString()).isEqualTo("complete");
            assertThat(ended.number("next.1")).isEqualTo(sent);
        }
    }

    @Test
    void anErrorArrivesAfterTheDataWithItsTypeAndMessage() {
        List<ChildJvm> jvms = children.start("publisher", "subscriber");
        jvms.get(0).ask("publish", on("failing"));
        jvms.get(1).ask("subscribe", on("failing"));
        jvms.get(1).ask("receive", "demand", 0);
        jvms.get(0).ask("await", "subscribers", 1);
        jvms.get(0).ask("send", "count", 1000);
        jvms.get(0).await("sent");
        jvms.get(0).ask("error", "message", "the sensor fell off: größer als 3 °C");

        jvms.get(1).ask("request", "n", Long.MAX_VALUE);
        Line ended = jvms.get(1).await("ended");

        assertThat(ended.number("next.1")).isEqualTo(1000);
        assertThat(ended.text("type")).isEqualTo(RemoteErrorException.class.getName());
        assertThat(ended.text("remoteType")).isEqualTo(IllegalStateException.class.getName());
        assertThat(ended.text("remoteMessage")).isEqualTo("the sensor fell off: größer als 3 °C");
        assertThat(jvms.get(1).ask("receiver").number("terminals")).isEqualTo(1);
    }

    @Test
    void closingTheNodeDeliversWhatWasWrittenAndLeavesNothing() {
        List<ChildJvm> jvms = children.start("publisher", "subscriber");
        jvms.get(0).ask("publish", on("closing"));
        jvms.get(1).ask("subscribe", on("closing"));
        jvms.get(1).ask("receive", "demand", 0);
        jvms.get(0).ask("await", "subscribers", 1);
        jvms.get(0).ask("send", "count", 1000);
        jvms.get(0).await("sent");
        jvms.get(0).ask("close");
        assertThat(jvms.get(0).end()).isZero();

        jvms.get(1).ask("request", "n", Long.MAX_VALUE);
        Line ended = jvms.get(1).await("ended");

        assertThat(ended.text("how")).as(ended.toString()).isEqualTo("complete");
        assertThat(ended.number("next.1")).isEqualTo(1000);
        jvms.get(1).ask("close");
        assertThat(children.leftovers()).isEmpty();
    }

    @Test
    void closingTheSubscribersNodeFirstLeavesNothingEither() {
        List<ChildJvm> jvms = children.start("publisher", "subscriber");
        jvms.get(0).ask("publish", on("leaving"));
        jvms.get(1).ask("subscribe", on("leaving"));
        jvms.get(1).ask("receive");
        jvms.get(0).ask("await", "subscribers", 1);
        jvms.get(0).ask("send");
        jvms.get(1).askUntil("receiver", line -> line.number("count") > 1000);

        jvms.get(1).ask("close");
        Line ended = jvms.get(1).await("ended");
        assertThat(ended.text("code", ended.toString())).isEqualTo("CLOSED");
        jvms.get(0).askUntil("sender", line -> line.number("subscribers") == 0);
        jvms.get(0).ask("close");

        assertThat(children.leftovers()).isEmpty();
    }

    private static Object[] on(String stream, Object... more) {
        Object[] all = new Object[2 + LENGTHS.length + more.length];
        all[0] = "stream";
        all[1] = stream;
        System.arraycopy(LENGTHS, 0, all, 2, LENGTHS.length);
        System.arraycopy(more, 0, all, 2 + LENGTHS.length, more.length);
        return all;
    }
}
