package io.reactiveipc.soak;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * @param kills how many at least
 * @param time how long at least
 * @param seed of all that is random; what the processes make of it is not repeatable
 */
record SoakOptions(long kills, Duration time, long seed) {
    static final String USAGE = "usage: java -jar soak.jar [--minutes N] [--kills N] [--seed N]\n"
            + "  --minutes N   go on for N minutes at least\n"
            + "  --kills N     go on for N kills at least; 200 if neither is given\n"
            + "  --seed N      of the random choices; printed, and another one each time by default";

    static SoakOptions parse(String... arguments) {
        long kills = -1;
        long minutes = -1;
        long seed = ThreadLocalRandom.current().nextLong(1_000_000_000);
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException("a number is missing after " + arguments[i]);
            }
            switch (arguments[i]) {
                case "--kills" -> kills = number(arguments[i], arguments[i + 1]);
                case "--minutes" -> minutes = number(arguments[i], arguments[i + 1]);
                case "--seed" -> seed = number(arguments[i], arguments[i + 1]);
                default -> throw new IllegalArgumentException("no such option: " + arguments[i]);
            }
        }
        long atLeast = kills >= 0 ? kills : minutes >= 0 ? 0 : 200;
        return new SoakOptions(atLeast, Duration.ofMinutes(Math.max(0, minutes)), seed);
    }

    private static long number(String option, String value) {
        if (!value.matches("[0-9]{1,12}")) {
            throw new IllegalArgumentException(option + " takes a number of up to twelve digits: " + value);
        }
        return Long.parseLong(value);
    }
}
