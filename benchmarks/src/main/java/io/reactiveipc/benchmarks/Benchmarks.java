package io.reactiveipc.benchmarks;

import io.reactiveipc.benchmarks.peer.Peers;
import io.reactiveipc.benchmarks.report.Machine;
import io.reactiveipc.benchmarks.report.Report;
import io.reactiveipc.benchmarks.report.Summary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The main program: {@code compare}, {@code smoke}, {@code jmh} or {@code peers}. */
public final class Benchmarks {
    private Benchmarks() {}

    public static void main(String[] args) throws IOException {
        try {
            System.exit(run(args));
        } catch (UsageException e) {
            System.err.println(e.getMessage());
            System.err.println();
            System.err.println(CompareOptions.USAGE);
            System.exit(2);
        }
    }

    private static int run(String[] args) throws IOException {
        if (args.length == 0) {
            throw new UsageException("say what to do");
        }
        String[] rest = Arrays.copyOfRange(args, 1, args.length);
        return switch (args[0]) {
            case "compare" -> compare(CompareOptions.parse(rest));
            case "smoke" -> smoke();
            case "jmh" -> jmh(rest);
            case "peers" -> peers();
            default -> throw new UsageException("no command \"" + args[0] + "\"");
        };
    }

    private static int compare(CompareOptions options) throws IOException {
        options.prepareFolders();
        Map<String, String> machine = Machine.describe(ChildJvm.FLAGS);
        Cores cores = Cores.find();
        machine.put("distance of the cores", cores.describe());
        machine.put("turns", options.turns().description());
        Comparison comparison = new Comparison(
                options.peers(),
                options.scenarios(),
                Timing.of(options.seconds(), options.warmUp()),
                options.turns(),
                cores,
                options.directory(),
                System.out);
        comparison.run(options.repeats());
        Map<String, String> descriptions = new LinkedHashMap<>();
        Contender.all().forEach(peer -> descriptions.put(peer.name(), peer.description()));
        new Report(new Summary(comparison.results(), Peers.REFERENCE), descriptions, machine, comparison.failures())
                .write(options.out());
        System.out.println("The report is " + options.out().resolve("report.md"));
        return comparison.failures().isEmpty() ? 0 : 1;
    }

    /** Everything once, for a moment: whether it works and the data is right, not how fast it is. */
    private static int smoke() throws IOException {
        List<Scenario> pairs =
                List.of(Scenario.oneToOne(Pattern.RTT, 32), Scenario.oneToOne(Pattern.THROUGHPUT, 65_536));
        Scenario fanIn = new Scenario(Pattern.FANIN, 256, 3, 1, 0, 0);
        List<Scenario> many = List.of(
                new Scenario(Pattern.FANOUT, 256, 1, 3, 0, 0),
                Scenario.oneToOne(Pattern.PACED, 32).atRate(1_000));
        Contender ours = Contender.named("reactive-ipc");
        Contender aeron = Contender.named("aeron");
        List<String> failures = new ArrayList<>(smoke(Contender.available(), pairs, Turns.MEASUREMENT));
        failures.addAll(smoke(List.of(ours), many, Turns.MEASUREMENT));
        failures.addAll(smoke(List.of(ours, aeron), List.of(fanIn), Turns.ROUND));
        failures.addAll(innerSteps());
        failures.forEach(System.out::println);
        System.out.println(failures.isEmpty() ? "All data was right." : failures.size() + " failed.");
        return failures.isEmpty() ? 0 : 1;
    }

    /** Each once, in this JVM; what fails throws. */
    private static List<String> innerSteps() {
        try {
            Options options = new OptionsBuilder()
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(20))
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build();
            int run = new Runner(options).run().size();
            System.out.println(run + " inner steps, a moment each");
            return List.of();
        } catch (RunnerException e) {
            return List.of("inner steps: " + e);
        }
    }

    private static List<String> smoke(List<Contender> contenders, List<Scenario> scenarios, Turns turns)
            throws IOException {
        Comparison comparison = new Comparison(
                contenders,
                scenarios,
                Timing.brief(),
                turns,
                Cores.anywhere(),
                CompareOptions.defaultDirectory(),
                System.out);
        comparison.run(1);
        return comparison.failures();
    }

    private static int peers() {
        for (Contender peer : Contender.all()) {
            System.out.printf("%-22s %s%s%n", peer.name(), peer.description(), peer.isAvailable() ? "" : " (not here)");
        }
        return 0;
    }

    private static int jmh(String[] args) throws IOException {
        org.openjdk.jmh.Main.main(args);
        return 0;
    }
}
