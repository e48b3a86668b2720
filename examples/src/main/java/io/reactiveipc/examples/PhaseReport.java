package io.reactiveipc.examples;

import java.util.Locale;
import java.util.Optional;

/**
 * One process's part in one phase, as it tells the demo on a line of its standard output.
 *
 * @param checksum of every length and byte in order
 * @param nanos from the first message to the last
 * @param latency of the messages received; nothing measured at the sender
 */
record PhaseReport(Phase phase, long messages, long bytes, long checksum, long nanos, Percentiles latency) {
    private static final String WORD = "report";

    /** Whether both saw the same bytes in the same order. */
    boolean agreesWith(PhaseReport other) {
        return messages == other.messages && bytes == other.bytes && checksum == other.checksum;
    }

    String toLine() {
        return String.join(
                " ",
                WORD,
                phase.word(),
                Long.toString(messages),
                Long.toString(bytes),
                checksumText(),
                Long.toString(nanos),
                Long.toString(latency.p50()),
                Long.toString(latency.p90()),
                Long.toString(latency.p99()),
                Long.toString(latency.p999()),
                Long.toString(latency.max()));
    }

    /** The report on that line, if it is one. */
    static Optional<PhaseReport> parse(String line) {
        String[] words = line.split(" ");
        if (words.length != 11 || !words[0].equals(WORD)) {
            return Optional.empty();
        }
        return Optional.of(new PhaseReport(
                Phase.of(words[1]),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                Long.parseLong(words[4], 16),
                Long.parseLong(words[5]),
                new Percentiles(
                        Long.parseLong(words[6]),
                        Long.parseLong(words[7]),
                        Long.parseLong(words[8]),
                        Long.parseLong(words[9]),
                        Long.parseLong(words[10]))));
    }

    String checksumText() {
        return String.format(Locale.ROOT, "%08x", checksum);
    }
}
