package io.reactiveipc.examples.bridge;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A change of the settings; what is null stays as it is. */
public record Command(
        String id,
        @Nullable Integer intervalMillis,
        Settings.@Nullable Sort sort,
        @Nullable Boolean paused) {
    public static final int MIN_INTERVAL_MILLIS = 50;
    public static final int MAX_INTERVAL_MILLIS = 10_000;

    private static final Set<String> FIELDS = Set.of("intervalMillis", "sort", "paused");

    /**
     * A new command of the fields of a JSON object.
     *
     * @throws IllegalArgumentException if a field is unknown or has a value that is not possible, or there is none
     */
    public static Command of(Map<String, ? extends @Nullable Object> fields) {
        TreeSet<String> unknown = new TreeSet<>(fields.keySet());
        unknown.removeAll(FIELDS);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown field " + String.join(", ", unknown) + "; there are " + known());
        }
        Command command = new Command(
                Long.toHexString(ThreadLocalRandom.current().nextLong()), // a secure one may block
                interval(fields.get("intervalMillis")),
                sort(fields.get("sort")),
                paused(fields.get("paused")));
        if (command.intervalMillis == null && command.sort == null && command.paused == null) {
            throw new IllegalArgumentException("nothing to change; give at least one of " + known());
        }
        return command;
    }

    private static String known() {
        return String.join(", ", new TreeSet<>(FIELDS));
    }

    private static @Nullable Integer interval(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Integer millis && millis >= MIN_INTERVAL_MILLIS && millis <= MAX_INTERVAL_MILLIS) {
            return millis;
        }
        throw new IllegalArgumentException("intervalMillis must be a whole number from " + MIN_INTERVAL_MILLIS + " to "
                + MAX_INTERVAL_MILLIS + ": " + value);
    }

    private static Settings.@Nullable Sort sort(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        return Arrays.stream(Settings.Sort.values())
                .filter(sort -> sort.name().equals(String.valueOf(value).toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("sort must be cpu or memory: " + value));
    }

    private static @Nullable Boolean paused(@Nullable Object value) {
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        throw new IllegalArgumentException("paused must be true or false: " + value);
    }
}
