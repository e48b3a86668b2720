package io.reactiveipc.benchmarks.report;

import io.reactiveipc.benchmarks.report.Summary.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/** report.md: what was measured, where, and one table per pattern. */
final class Markdown {
    /** What contenders that make an object of each message are measured against. */
    private static final String COPYING = "aeron-flux";

    private final StringBuilder out = new StringBuilder();
    private final Summary summary;
    private final List<String> peers;

    private Markdown(Summary summary, List<String> order) {
        this.summary = summary;
        this.peers = summary.peers(order);
    }

    static String of(
            Summary summary,
            Map<String, String> descriptions,
            Map<String, String> machine,
            List<String> failures,
            List<String> pictures) {
        Markdown page = new Markdown(summary, List.copyOf(descriptions.keySet()));
        page.head(descriptions, machine, failures);
        pictures.forEach(p -> page.out.append("![](").append(p).append(")\n\n"));
        for (String pattern : summary.patterns()) {
            page.section(pattern);
        }
        return page.out.toString();
    }

    private void head(Map<String, String> descriptions, Map<String, String> machine, List<String> failures) {
        out.append("# Side by side\n\n");
        out.append(
                "Each measurement ran in processes of its own, warmed up until its figures held still. Every message was");
        out.append(" written anew and verified by its receiver: sequence, and a checksum over all bytes. Figures are");
        out.append(" medians over the repeats; ratios are those to **").append(summary.reference());
        out.append("** within one repeat: their median, the lowest and the highest.\n\n");
        machine.forEach((key, value) ->
                out.append("- ").append(key).append(": ").append(value).append('\n'));
        out.append('\n');
        List<List<String>> rows = new ArrayList<>();
        peers.forEach(p -> rows.add(List.of(p, descriptions.getOrDefault(p, ""))));
        table(List.of("contender", "how"), rows);
        if (!failures.isEmpty()) {
            out.append("**Failed:**\n\n");
            failures.forEach(f ->
                    out.append("- ").append(f.lines().findFirst().orElse("")).append('\n'));
            out.append('\n');
        }
    }

    private void section(String pattern) {
        switch (pattern) {
            case "rtt" -> latency(pattern, "Round trips, back to back, both sides spinning");
            case "paced" -> latency(pattern, "Round trips on a schedule, default waiting, idle in between");
            case "streams" -> latency(pattern, "Round trips on one stream while others are open and silent");
            case "idle" -> silence(pattern);
            case "throughput" -> oneWay(pattern, "One way, nothing lost: messages a second");
            case "fanout" ->
                oneWay(pattern, "One sender, several receivers: messages a second, summed over the receivers");
            case "fanin" -> oneWay(pattern, "Several senders, one receiver: messages a second");
            default -> throw new IllegalArgumentException("no section for " + pattern);
        }
    }

    private void latency(String pattern, String title) {
        out.append("## ").append(title).append("\n\n");
        for (Row row : summary.rows(pattern)) {
            out.append("### ").append(row.scenario()).append("\n\n");
            List<List<String>> rows = new ArrayList<>();
            for (String peer : peers) {
                if (summary.median(row, peer, Metric.P50).isPresent()) {
                    rows.add(List.of(
                            peer,
                            cell(row, peer, Metric.P50, Figures::nanos),
                            cell(row, peer, Metric.P99, Figures::nanos),
                            cell(row, peer, Metric.P999, Figures::nanos),
                            cell(row, peer, Metric.P9999, Figures::nanos),
                            ratio(summary, row, peer, Metric.P50),
                            ratio(summary, row, peer, Metric.P999),
                            cell(row, peer, Metric.SENDER_CPU, Figures::three) + " + "
                                    + cell(row, peer, Metric.RECEIVER_CPU, Figures::three)));
                }
            }
            table(
                    List.of(
                            "contender",
                            "p50",
                            "p99",
                            "p99.9",
                            "p99.99",
                            "p50 ratio",
                            "p99.9 ratio",
                            "CPU ms per s, calling + answering"),
                    rows);
        }
    }

    private void silence(String pattern) {
        out.append("## Connected and silent, default waiting\n\n");
        for (Row row : summary.rows(pattern)) {
            List<List<String>> rows = new ArrayList<>();
            for (String peer : peers) {
                if (summary.median(row, peer, Metric.SENDER_CPU).isPresent()) {
                    rows.add(List.of(
                            peer,
                            cell(row, peer, Metric.SENDER_CPU, Figures::three),
                            cell(row, peer, Metric.RECEIVER_CPU, Figures::three)));
                }
            }
            table(List.of("contender", "CPU ms per s, calling side", "answering side"), rows);
        }
    }

    private void oneWay(String pattern, String title) {
        List<Row> columns = summary.rows(pattern);
        out.append("## ").append(title).append("\n\n");
        byColumn("contender", columns, Metric.MESSAGES_PER_SECOND, Figures::perSecond);
        if (pattern.equals("throughput")) {
            byColumn("bytes a second", columns, Metric.BYTES_PER_SECOND, Figures::bytesPerSecond);
        }
        for (String reference : List.of(summary.reference(), COPYING)) {
            if (peers.contains(reference)) {
                Summary against = summary.against(reference);
                table(
                        header("ratio to " + reference, columns),
                        peers.stream()
                                .map(peer -> line(
                                        peer, columns, row -> ratio(against, row, peer, Metric.MESSAGES_PER_SECOND)))
                                .toList());
            }
        }
        if (pattern.equals("fanout")) {
            byColumn("sender's CPU, ns per message", columns, Metric.SENDER_CPU_NANOS_PER_MESSAGE, Figures::three);
        }
        byColumn("bytes allocated per message, both sides", columns, Metric.ALLOCATED_PER_MESSAGE, Figures::three);
    }

    private void byColumn(String corner, List<Row> columns, Metric metric, DoubleFunction<String> format) {
        List<List<String>> rows = new ArrayList<>();
        for (String peer : peers) {
            rows.add(line(peer, columns, row -> cell(row, peer, metric, format)));
        }
        rows.removeIf(cells -> cells.stream().skip(1).allMatch("–"::equals));
        table(header(corner, columns), rows);
    }

    private interface Cell {
        String of(Row row);
    }

    private static List<String> line(String peer, List<Row> columns, Cell cell) {
        List<String> cells = new ArrayList<>();
        cells.add(peer);
        columns.forEach(row -> cells.add(cell.of(row)));
        return cells;
    }

    private static List<String> header(String corner, List<Row> columns) {
        List<String> cells = new ArrayList<>();
        cells.add(corner);
        columns.forEach(row -> cells.add(row.scenario()));
        return cells;
    }

    private static String ratio(Summary summary, Row row, String peer, Metric metric) {
        return summary.ratio(row, peer, metric)
                .map(r -> r.lowest() == r.highest()
                        ? Figures.ratio(r.median())
                        : Figures.ratio(r.median()) + " (" + Figures.three(r.lowest()) + "–"
                                + Figures.three(r.highest()) + ")")
                .orElse("–");
    }

    private String cell(Row row, String peer, Metric metric, DoubleFunction<String> format) {
        return show(summary.median(row, peer, metric), format);
    }

    private static String show(OptionalDouble value, DoubleFunction<String> format) {
        return value.isPresent() ? format.apply(value.getAsDouble()) : "–";
    }

    private void table(List<String> header, List<List<String>> rows) {
        out.append("| ").append(String.join(" | ", header)).append(" |\n|---|");
        out.append("---:|".repeat(header.size() - 1)).append('\n');
        rows.forEach(r -> out.append("| ").append(String.join(" | ", r)).append(" |\n"));
        out.append('\n');
    }
}
