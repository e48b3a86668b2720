package io.reactiveipc.examples;

import io.reactiveipc.spi.Memory;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What the demo says before and after, and whether the reports agree. */
final class Summary {
    private static final String FIGURES = "  %-14s %13s %10s  %-10s %9s %13s %12s%n";
    private static final String LATENCIES = "  %-14s %10s %10s %10s %10s %10s%n";

    private final DemoOptions options;
    private final Source source;
    private final int repeat;
    private final PrintStream out;
    private final List<String> disagreements = new ArrayList<>();

    Summary(DemoOptions options, Source source, int repeat, PrintStream out) {
        this.options = options;
        this.source = source;
        this.repeat = repeat;
        this.out = out;
    }

    void printHead() {
        out.printf(
                "Every line of %s%s, through shared memory, to %d %s%n",
                source.name(),
                repeat == 1 ? "" : ", " + Quantity.count(repeat) + " times over",
                options.clients(),
                options.clients() == 1 ? "process" : "processes");
        out.printf(
                "  Java %s, %d processors, memory access: %s, waiting: %s%n",
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                Memory.mode(),
                options.waiting().word());
    }

    /** @param children the broadcaster first; all have reported both phases */
    void print(List<Child> children, long nanos) {
        compare(children);
        out.println();
        out.println("Throughput: all lines as fast as the slowest client takes them");
        out.printf(FIGURES, "", "messages", "bytes", "crc32c", "time", "messages/s", "bytes/s");
        for (Child child : children) {
            PhaseReport report = child.report(Phase.FLOOD);
            out.printf(
                    FIGURES,
                    child.name(),
                    Quantity.count(report.messages()),
                    Quantity.bytes(report.bytes()),
                    report.checksumText(),
                    Quantity.nanos(report.nanos()),
                    Quantity.perSecond(report.messages(), report.nanos()),
                    Quantity.bytesPerSecond(report.bytes(), report.nanos()));
        }
        long paced = children.get(0).report(Phase.PACED).messages();
        printLatencies(
                children,
                Phase.PACED,
                "Latency, publish to onNext: " + Quantity.count(paced) + " lines at " + Quantity.count(options.rate())
                        + " a second");
        printLatencies(children, Phase.FLOOD, "Latency while flooded: mostly the time spent in a full ring");
        out.println();
        disagreements.forEach(out::println);
        if (agrees()) {
            PhaseReport sent = children.get(0).report(Phase.FLOOD);
            out.printf(
                    "OK: %s got all %s messages, every byte, in order. %s in all.%n",
                    options.clients() == 1 ? "the client" : "each of the " + options.clients() + " clients",
                    Quantity.count(sent.messages() + paced),
                    Quantity.nanos(nanos));
        }
    }

    private void printLatencies(List<Child> children, Phase phase, String title) {
        if (children.get(0).report(phase).messages() == 0) {
            return;
        }
        out.println();
        out.println(title);
        out.printf(LATENCIES, "", "p50", "p90", "p99", "p99.9", "max");
        for (Child child : children.subList(1, children.size())) {
            Percentiles latency = child.report(phase).latency();
            out.printf(
                    LATENCIES,
                    child.name(),
                    Quantity.nanos(latency.p50()),
                    Quantity.nanos(latency.p90()),
                    Quantity.nanos(latency.p99()),
                    Quantity.nanos(latency.p999()),
                    Quantity.nanos(latency.max()));
        }
    }

    private void compare(List<Child> children) {
        for (Phase phase : Phase.values()) {
            PhaseReport sent = children.get(0).report(phase);
            for (Child client : children.subList(1, children.size())) {
                PhaseReport received = client.report(phase);
                if (!received.agreesWith(sent)) {
                    disagreements.add("DISAGREES: " + phase.word() + ": " + client.name() + " received "
                            + described(received) + ", but sent were " + described(sent));
                }
            }
        }
    }

    private static String described(PhaseReport report) {
        return Quantity.count(report.messages()) + " messages, " + Quantity.count(report.bytes()) + " bytes, crc32c "
                + report.checksumText();
    }

    boolean agrees() {
        return disagreements.isEmpty();
    }
}
