package io.reactiveipc.benchmarks.report;

import io.reactiveipc.benchmarks.report.Chart.Axis;
import io.reactiveipc.benchmarks.report.Chart.Series;
import io.reactiveipc.benchmarks.report.Chart.Tick;
import io.reactiveipc.benchmarks.report.Summary.Row;
import io.reactiveipc.benchmarks.report.Svg.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/** What a person would rather look at, as far as it was measured. */
final class Pictures {
    private static final double[] NINES = {
        0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995, 0.9975, 0.999, 0.9995, 0.99975, 0.9999
    };

    private Pictures() {}

    /** SVG texts by file name. */
    static Map<String, String> of(Summary summary, List<String> order) {
        List<String> peers = summary.peers(order);
        Map<String, String> pictures = new LinkedHashMap<>();
        for (String pattern : List.of("rtt", "paced")) {
            for (Row row : summary.rows(pattern)) {
                List<Series> series = percentiles(summary, row, peers);
                if (!series.isEmpty()) {
                    String file = "latency-" + pattern + "-"
                            + row.scenario().replaceAll("[^A-Za-z0-9]+", "-").toLowerCase(java.util.Locale.ROOT)
                            + ".svg";
                    pictures.put(file, latency(row, series));
                }
            }
        }
        List<Row> sizes = summary.rows("throughput");
        if (!sizes.isEmpty()) {
            pictures.put("throughput.svg", throughput(summary, sizes, peers));
        }
        for (Row row : summary.rows("paced")) {
            pictures.put("cpu-" + row.scenario().replace("/s", "") + ".svg", cpu(summary, row, peers));
        }
        return pictures;
    }

    private static List<Series> percentiles(Summary summary, Row row, List<String> peers) {
        List<Series> all = new ArrayList<>();
        for (String peer : peers) {
            Histogram trips = summary.trips(row, peer);
            if (trips != null) {
                List<Point> points = new ArrayList<>();
                for (double share : NINES) {
                    if (trips.getTotalCount() * (1 - share) >= 1) {
                        points.add(new Point(1 / (1 - share), trips.getValueAtPercentile(share * 100)));
                    }
                }
                all.add(new Series(peer, points));
            }
        }
        return all;
    }

    private static String latency(Row row, List<Series> series) {
        Axis x = new Axis(
                "percentile",
                List.of(
                        new Tick(1, "0"),
                        new Tick(2, "50"),
                        new Tick(10, "90"),
                        new Tick(100, "99"),
                        new Tick(1_000, "99.9"),
                        new Tick(10_000, "99.99")),
                true);
        boolean paced = row.pattern().equals("paced");
        return new Chart(
                        "Round trip, " + row.length() + " bytes" + (paced ? ", " + row.scenario() : ""),
                        paced
                                ? "Default waiting, idle in between; from the place in the schedule to the verified answer"
                                : "Back to back between two JVMs, both sides spinning; payloads verified on both",
                        x,
                        Axis.powers("lower is better", values(series), Figures::nanos))
                .lines(series, false)
                .svg();
    }

    private static String throughput(Summary summary, List<Row> rows, List<String> peers) {
        List<Series> all = new ArrayList<>();
        for (String peer : peers) {
            List<Point> points = new ArrayList<>();
            for (Row row : rows) {
                OptionalDouble rate = summary.median(row, peer, Metric.BYTES_PER_SECOND);
                if (rate.isPresent()) {
                    points.add(new Point(row.length(), rate.getAsDouble()));
                }
            }
            if (!points.isEmpty()) {
                all.add(new Series(peer, points));
            }
        }
        List<Tick> ticks = rows.stream()
                .map(row -> new Tick(row.length(), row.scenario()))
                .sorted(java.util.Comparator.comparingDouble(Tick::value))
                .toList();
        return new Chart(
                        "One way, by message size",
                        "Bytes a second from one JVM to another, nothing lost, every byte verified",
                        new Axis("bytes of a message", ticks, true),
                        Axis.powers("higher is better", values(all), Figures::bytesPerSecond))
                .lines(all, true)
                .svg();
    }

    private static String cpu(Summary summary, Row row, List<String> peers) {
        List<Series> all = new ArrayList<>();
        List<Double> costs = new ArrayList<>();
        for (String peer : peers) {
            OptionalDouble latency = summary.median(row, peer, Metric.P50);
            OptionalDouble caller = summary.median(row, peer, Metric.SENDER_CPU);
            OptionalDouble answerer = summary.median(row, peer, Metric.RECEIVER_CPU);
            if (latency.isPresent() && caller.isPresent() && answerer.isPresent()) {
                double cost = Math.max(1, caller.getAsDouble() + answerer.getAsDouble());
                costs.add(cost);
                all.add(new Series(peer, List.of(new Point(cost, latency.getAsDouble()))));
            }
        }
        return new Chart(
                        "What a wake-up costs: " + row.scenario() + ", default waiting",
                        "Median round trip against the processor time of both processes; lower left is better",
                        Axis.powers("processor time of both processes, ms per s", costs, Figures::three),
                        Axis.powers("median round trip", values(all), Figures::nanos))
                .dots(all)
                .svg();
    }

    private static List<Double> values(List<Series> all) {
        return all.stream()
                .flatMap(s -> s.points().stream())
                .map(p -> Math.max(1e-9, p.y()))
                .toList();
    }
}
