package io.reactiveipc.examples;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the demo was asked for; its processes get the same.
 *
 * @param file a path, {@code -} or empty, as {@link Source#of}
 * @param repeat how often the source is sent, or 0 where the demo is to decide
 */
record DemoOptions(
        String file,
        int clients,
        int repeat,
        int paced,
        int rate,
        Waiting waiting,
        Duration timeout,
        Optional<Path> directory,
        long parent) {
    private static final Set<String> KNOWN =
            Set.of("--clients", "--repeat", "--paced", "--rate", Waiting.OPTION, "--timeout", "--directory");

    static DemoOptions parse(List<String> words) {
        return of(Arguments.parse(words, KNOWN, 1), 0);
    }

    /** In a process that the demo started: the first word is the demo's process id. */
    static DemoOptions parseInChild(List<String> words) {
        return of(Arguments.parse(words.subList(1, words.size()), KNOWN, 1), Long.parseLong(words.get(0)));
    }

    private static DemoOptions of(Arguments arguments, long parent) {
        return new DemoOptions(
                arguments.file().orElse(""),
                arguments.number("--clients", 1, 64, 2),
                arguments.number("--repeat", 1, 1_000_000, 0),
                arguments.number("--paced", 0, 10_000_000, 20_000),
                arguments.number("--rate", 1, 10_000_000, 10_000),
                Waiting.of(arguments),
                Duration.ofSeconds(arguments.number("--timeout", 1, 86_400, 30)),
                arguments.path("--directory"),
                parent);
    }

    /** The arguments of a process that takes part. */
    List<String> forChild(Path directory, Source source, int repeat) {
        List<String> words = new ArrayList<>(List.of(
                Long.toString(ProcessHandle.current().pid()),
                "--clients=" + clients,
                "--repeat=" + repeat,
                "--paced=" + paced,
                "--rate=" + rate,
                "--wait=" + waiting.word(),
                "--directory=" + directory));
        words.addAll(source.arguments());
        return words;
    }
}
