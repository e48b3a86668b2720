package io.reactiveipc.benchmarks.report;

import java.util.Map;
import org.HdrHistogram.Histogram;

/** A figure of a measurement. */
public enum Metric {
    P50("p50 ns", false),
    P90("p90 ns", false),
    P99("p99 ns", false),
    P999("p99.9 ns", false),
    P9999("p99.99 ns", false),
    MAX("max ns", false),
    TRIPS("round trips", true),
    LATENESS_P50("timer late by, p50 ns", false),
    MESSAGES_PER_SECOND("messages/s", true),
    BYTES_PER_SECOND("bytes/s", true),
    MESSAGES_PER_SECOND_LEFT_OUT("messages/s in the rounds left out", true),
    LEFT_OUT("rounds left out, percent", false),
    DISTANCE("distance of the cores, ns", false),
    SENDER_CPU("sender, CPU ms per s", false),
    RECEIVER_CPU("receiver, CPU ms per s", false),
    SENDER_CPU_NANOS_PER_MESSAGE("sender, CPU ns per message", false),
    ALLOCATED_PER_MESSAGE("bytes allocated per message, both sides", false),
    COLLECTIONS("garbage collections, both sides", false);

    private final String label;
    private final boolean higherIsBetter;

    Metric(String label, boolean higherIsBetter) {
        this.label = label;
        this.higherIsBetter = higherIsBetter;
    }

    public String label() {
        return label;
    }

    public boolean higherIsBetter() {
        return higherIsBetter;
    }

    /** Adds what a table shows of round trips. */
    public static void addPercentiles(Histogram trips, Map<Metric, Double> values) {
        values.put(P50, (double) trips.getValueAtPercentile(50));
        values.put(P90, (double) trips.getValueAtPercentile(90));
        values.put(P99, (double) trips.getValueAtPercentile(99));
        values.put(P999, (double) trips.getValueAtPercentile(99.9));
        values.put(P9999, (double) trips.getValueAtPercentile(99.99));
        values.put(MAX, (double) trips.getMaxValue());
        values.put(TRIPS, (double) trips.getTotalCount());
    }
}
