package io.reactiveipc.benchmarks.report;

import io.reactiveipc.benchmarks.report.Summary.Row;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/** Writes all that a run has found into a folder: results.json, report.md, pictures, and histograms as .hgrm. */
public final class Report {
    private final Summary summary;
    private final Map<String, String> descriptions;
    private final Map<String, String> machine;
    private final List<String> failures;

    /** @param descriptions of the contenders by name, in the order of the tables */
    public Report(
            Summary summary, Map<String, String> descriptions, Map<String, String> machine, List<String> failures) {
        this.summary = summary;
        this.descriptions = descriptions;
        this.machine = machine;
        this.failures = failures;
    }

    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<String> order = List.copyOf(descriptions.keySet());
        Map<String, String> pictures = Pictures.of(summary, order);
        for (Map.Entry<String, String> picture : pictures.entrySet()) {
            Files.writeString(folder.resolve(picture.getKey()), picture.getValue());
        }
        Files.writeString(
                folder.resolve("report.md"),
                Markdown.of(summary, descriptions, machine, failures, List.copyOf(pictures.keySet())));
        Files.writeString(folder.resolve("results.json"), Json.of(json(order)));
        writeHistograms(folder, order);
    }

    private Map<String, Object> json(List<String> order) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("machine", machine);
        all.put("reference", summary.reference());
        all.put("failures", failures);
        all.put("medians", medians(order));
        all.put("results", summary.results().stream().map(Report::json).toList());
        return all;
    }

    private List<Map<String, Object>> medians(List<String> order) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (String pattern : summary.patterns()) {
            for (Row row : summary.rows(pattern)) {
                for (String peer : summary.peers(order)) {
                    Map<String, Object> values = new LinkedHashMap<>();
                    Map<String, Object> ratios = new LinkedHashMap<>();
                    for (Metric metric : Metric.values()) {
                        OptionalDouble median = summary.median(row, peer, metric);
                        if (median.isPresent()) {
                            values.put(metric.label(), median.getAsDouble());
                        }
                        summary.ratio(row, peer, metric)
                                .ifPresent(ratio -> ratios.put(
                                        metric.label(), List.of(ratio.median(), ratio.lowest(), ratio.highest())));
                    }
                    if (!values.isEmpty()) {
                        Map<String, Object> entry = identity(row, peer);
                        entry.put("values", values);
                        entry.put("ratios", ratios);
                        all.add(entry);
                    }
                }
            }
        }
        return all;
    }

    private static Map<String, Object> identity(Row row, String peer) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("pattern", row.pattern());
        entry.put("scenario", row.scenario());
        entry.put("bytes", row.length());
        entry.put("peer", peer);
        return entry;
    }

    private static Map<String, Object> json(Result result) {
        Map<String, Object> entry =
                identity(new Row(result.pattern(), result.scenario(), result.length()), result.peer());
        entry.put("repeat", result.repeat());
        entry.put("values", json(result.values()));
        entry.put("turns", result.turns().stream().map(Report::json).toList());
        return entry;
    }

    private static Map<String, Object> json(Map<Metric, Double> figures) {
        Map<String, Object> values = new LinkedHashMap<>();
        figures.forEach((metric, value) -> values.put(metric.label(), value));
        return values;
    }

    private void writeHistograms(Path folder, List<String> order) throws IOException {
        for (String pattern : summary.patterns()) {
            for (Row row : summary.rows(pattern)) {
                for (String peer : summary.peers(order)) {
                    Histogram trips = summary.trips(row, peer);
                    if (trips != null) {
                        String name = (pattern + "-" + row.scenario() + "-" + peer).replaceAll("[^A-Za-z0-9.-]+", "-");
                        try (PrintStream out = new PrintStream(
                                Files.newOutputStream(folder.resolve(name + ".hgrm")), false, StandardCharsets.UTF_8)) {
                            trips.outputPercentileDistribution(out, 5, 1.0);
                        }
                    }
                }
            }
        }
    }
}
