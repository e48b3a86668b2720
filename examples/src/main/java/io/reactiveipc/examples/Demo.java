package io.reactiveipc.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts a broadcaster and several clients as processes of their own, has the lines of a file streamed between them through
 * shared memory, and checks that all agree. The children never outlive it, and its files neither.
 */
final class Demo {
    /** About so many messages are sent unless {@code --repeat} says otherwise… */
    private static final long MESSAGES = 3_000_000;

    /** … but not more bytes than that. */
    private static final long BYTES = 1_000_000_000;

    private final DemoOptions options;
    private final Source source;
    private final Terminal terminal;
    private final List<Child> children = new ArrayList<>();
    private boolean stopped;

    private Demo(DemoOptions options, Source source, Terminal terminal) {
        this.options = options;
        this.source = source;
        this.terminal = terminal;
    }

    static int run(List<String> words, Terminal terminal) {
        DemoOptions options = DemoOptions.parse(words);
        Source source = Source.of(options.file(), terminal.in());
        if (options.repeat() > 1 && !source.repeatable()) {
            throw new UsageException(source.name() + " can be read only once; leave --repeat out");
        }
        try {
            return new Demo(options, source, terminal).run();
        } catch (DemoFailure e) {
            terminal.err().println("FAILED: " + e.getMessage());
        } catch (IOException e) {
            terminal.err().println("FAILED: " + source.name() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Examples.FAILED;
    }

    private int run() throws DemoFailure, IOException, InterruptedException {
        long start = System.nanoTime();
        int repeat = options.repeat() > 0 ? options.repeat() : fittingRepeat();
        Path directory = DemoDirectory.create(options.directory());
        Shutdown.run(() -> end(directory));
        try {
            Summary summary = new Summary(options, source, repeat, terminal.out());
            summary.printHead();
            startChildren(directory, repeat);
            new Watch(children, options.timeout(), !source.repeatable(), terminal.out()).untilAllReported();
            summary.print(children, System.nanoTime() - start);
            return summary.agrees() ? Examples.OK : Examples.FAILED;
        } finally {
            end(directory);
        }
    }

    /** How often a source is sent so that there is something to measure, without keeping anybody waiting. */
    private int fittingRepeat() throws IOException {
        if (!source.repeatable()) {
            return 1;
        }
        long lines = 0;
        long bytes = 0;
        try (LineReader reader = new LineReader(source.open(), 1 << 20)) {
            for (byte[] line = reader.next(); line != null && lines < MESSAGES && bytes < BYTES; line = reader.next()) {
                lines++;
                bytes += line.length;
            }
        }
        long fitting = Math.min(MESSAGES / Math.max(1, lines), BYTES / Math.max(1, bytes));
        return lines == 0 ? 1 : (int) Math.max(1, fitting);
    }

    private void startChildren(Path directory, int repeat) throws IOException {
        List<String> arguments = options.forChild(directory, source, repeat);
        boolean input = source instanceof Source.StandardInput;
        start("broadcaster", DemoBroadcaster.NAME, arguments, input);
        for (int i = 1; i <= options.clients(); i++) {
            start("client " + i, DemoClient.NAME, arguments, false);
        }
    }

    private void start(String name, String example, List<String> arguments, boolean input) throws IOException {
        synchronized (children) {
            if (stopped) {
                return;
            }
            Child child = Child.start(name, example, arguments, input, terminal);
            children.add(child);
            terminal.out().println("  started " + name + ", process " + child.pid());
        }
    }

    /** Also called by the shutdown hook, in the middle of anything. */
    private void end(Path directory) {
        synchronized (children) {
            stopped = true;
            children.forEach(Child::askToStop);
            children.forEach(Child::stop);
        }
        DemoDirectory.remove(directory);
    }
}
