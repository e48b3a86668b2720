package io.reactiveipc.benchmarks;

import io.reactiveipc.benchmarks.peer.Peer;
import io.reactiveipc.benchmarks.peer.Peers;
import java.io.IOException;
import java.util.Arrays;

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
            case "peers" -> peers();
            default -> throw new UsageException("no command \"" + args[0] + "\"");
        };
    }

    private static int compare(CompareOptions options) throws IOException {
        Comparison comparison = new Comparison(
                options.peers(), options.scenarios(), Timing.of(options.seconds()), options.directory(), System.out);
        comparison.run(options.repeats());
        return comparison.failures().isEmpty() ? 0 : 1;
    }

    private static int peers() {
        for (Peer peer : Peers.all()) {
            System.out.printf("%-22s %s%s%n", peer.name(), peer.description(), peer.isAvailable() ? "" : " (not here)");
        }
        return 0;
    }
}
