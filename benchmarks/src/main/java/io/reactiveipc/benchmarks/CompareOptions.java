package io.reactiveipc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What {@code compare} is to do.
 *
 * @param peers the contenders
 * @param sizes bytes of a message, for throughput
 * @param rttSizes bytes of a message, for round trips
 * @param patterns what they do
 * @param rates messages a second, for paced
 * @param seconds of each measurement
 * @param warmUp seconds before it, at most
 * @param repeats how often all is done
 * @param turns how contenders take turns in it
 * @param out where the report goes
 * @param directory in memory, for the contenders' files
 */
record CompareOptions(
        List<Contender> peers,
        List<Integer> sizes,
        List<Integer> rttSizes,
        List<Pattern> patterns,
        List<Integer> rates,
        double seconds,
        double warmUp,
        int repeats,
        Turns turns,
        Path out,
        Path directory) {

    static final String USAGE = """
            java -jar benchmarks.jar compare [options]
              --peers a,b,…      which contenders (default: all that this machine has)
              --patterns a,b,…   rtt, throughput, paced, idle, fanout, fanin, streams (default: the first four)
              --sizes n,n,…      bytes of a message for throughput (default: 32,256,4096,65536,1048576)
              --rtt-sizes n,n,…  bytes of a message for round trips (default: 32)
              --rates n,n,…      messages a second for paced (default: 1000)
              --seconds n        of each measurement (default: 3)
              --warm-up n        seconds before each, at most: it ends when the figures hold still (default: 8)
              --repeats n        how often (default: 3)
              --turns unit       measurement: one contender after the other (default); round: all at the same time, 0.1 s
                                 each while the others stand still, idle ones together; needs 0.7 GB of memory for each
                                 process: two for a contender, four where three send or receive
              --out dir          for results.json, report.md, pictures and histograms (default: benchmark-results)
              --directory dir    in memory, for rings, queues and sockets (default: /dev/shm where there is one)
            java -jar benchmarks.jar smoke      everything once, for a moment: does it work, is the data right?
            java -jar benchmarks.jar jmh …      the inner steps; options are those of JMH
            java -jar benchmarks.jar peers      who takes part
            """;

    static CompareOptions parse(String[] args) {
        List<Contender> peers = Contender.available();
        List<Integer> sizes = List.of(32, 256, 4096, 65_536, 1_048_576);
        List<Integer> rttSizes = List.of(32);
        List<Pattern> patterns = List.of(Pattern.RTT, Pattern.THROUGHPUT, Pattern.PACED, Pattern.IDLE);
        List<Integer> rates = List.of(1000);
        double seconds = 3;
        double warmUp = 8;
        int repeats = 3;
        Turns turns = Turns.MEASUREMENT;
        Path out = Path.of("benchmark-results");
        Path directory = defaultDirectory();
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new UsageException(args[i] + " needs a value");
            }
            String value = args[i + 1];
            switch (args[i]) {
                case "--peers" -> peers = list(value, Contender::named);
                case "--sizes" -> sizes = list(value, CompareOptions::size);
                case "--rtt-sizes" -> rttSizes = list(value, CompareOptions::size);
                case "--patterns" -> patterns = list(value, Pattern::named);
                case "--rates" -> rates = list(value, CompareOptions::positive);
                case "--seconds" -> seconds = seconds(value);
                case "--warm-up" -> warmUp = seconds(value);
                case "--repeats" -> repeats = positive(value);
                case "--turns" -> turns = Turns.named(value);
                case "--out" -> out = Path.of(value);
                case "--directory" -> directory = Path.of(value);
                default -> throw new UsageException("no option \"" + args[i] + "\"");
            }
        }
        return new CompareOptions(
                peers, sizes, rttSizes, patterns, rates, seconds, warmUp, repeats, turns, out, directory);
    }

    static Path defaultDirectory() {
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
    }

    /**
     * Makes the folder for the report and looks at the one for the contenders' files, before hours are spent.
     *
     * @throws UsageException if either cannot be used
     */
    void prepareFolders() {
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new UsageException("--out " + out + " is no folder and cannot become one (" + e + "); name another");
        }
        if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw new UsageException("--directory " + directory + " is no folder to write into; name one in memory");
        }
    }

    /** The rows of the plan. */
    List<Scenario> scenarios() {
        List<Scenario> rows = new ArrayList<>();
        for (Pattern pattern : patterns) {
            switch (pattern) {
                case RTT -> rttSizes.forEach(length -> rows.add(Scenario.oneToOne(pattern, length)));
                case THROUGHPUT -> sizes.forEach(length -> rows.add(Scenario.oneToOne(pattern, length)));
                case PACED ->
                    rates.forEach(
                            rate -> rows.add(Scenario.oneToOne(pattern, 32).atRate(rate)));
                case IDLE -> rows.add(Scenario.oneToOne(pattern, 32));
                case FANOUT ->
                    List.of(1, 3, 10).forEach(receivers -> rows.add(new Scenario(pattern, 256, 1, receivers, 0, 0)));
                case FANIN -> List.of(1, 3).forEach(senders -> rows.add(new Scenario(pattern, 256, senders, 1, 0, 0)));
                case STREAMS ->
                    List.of(0, 9, 99, 999).forEach(silent -> rows.add(new Scenario(pattern, 32, 1, 1, silent, 0)));
            }
        }
        return rows;
    }

    /** @throws UsageException naming what there is */
    static <T> T named(String kind, String name, List<T> all, Function<T, String> names) {
        return all.stream()
                .filter(one -> names.apply(one).equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("no " + kind + " \"" + name + "\"; there are "
                        + all.stream().map(names).collect(Collectors.joining(", "))));
    }

    private static <T> List<T> list(String words, Function<String, T> reader) {
        return Arrays.stream(words.split(",")).map(String::trim).map(reader).toList();
    }

    private static int size(String text) {
        int length = positive(text);
        if (length % 8 != 0 || length < 32) {
            throw new UsageException("a message has 32 bytes or more, in words of eight: " + text);
        }
        return length;
    }

    private static int positive(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new UsageException("a positive number was expected: " + text);
    }

    private static double seconds(String text) {
        try {
            double number = Double.parseDouble(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new UsageException("a positive number of seconds was expected: " + text);
    }
}
