package io.reactiveipc.soak;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the run counted. Several threads add. */
final class Tally {
    private static final int MOST_COMPLAINTS = 20;

    private final Map<SubscriberBook.Count, Long> ofTheDead = new EnumMap<>(SubscriberBook.Count.class);
    private final List<Long> detectionMillis = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private long wrong;

    long kills;
    long halted;
    long stops;
    long starts;
    long obligations;
    long lost;
    long invented;

    /** Takes over what a subscriber counted that is dead. */
    synchronized void add(SubscriberBook book) {
        for (SubscriberBook.Count count : SubscriberBook.Count.values()) {
            ofTheDead.merge(count, book.get(count), Long::sum);
        }
    }

    synchronized long sum(SubscriberBook.Count count) {
        return ofTheDead.getOrDefault(count, 0L);
    }

    synchronized void detected(long millis) {
        detectionMillis.add(millis);
    }

    synchronized void complain(String what) {
        wrong++;
        if (complaints.size() < MOST_COMPLAINTS) {
            complaints.add(what);
            System.out.println("WRONG: " + what);
        }
    }

    synchronized boolean isClean() {
        return wrong == 0;
    }

    /** Of the deaths of which a bystander was told. */
    synchronized String detection() {
        if (detectionMillis.isEmpty()) {
            return "none";
        }
        List<Long> sorted = new ArrayList<>(detectionMillis);
        Collections.sort(sorted);
        return sorted.size() + " told; median " + sorted.get(sorted.size() / 2) + " ms, 99 % "
                + sorted.get(sorted.size() * 99 / 100) + " ms, longest " + sorted.get(sorted.size() - 1) + " ms";
    }
}
