package io.reactiveipc.examples;

import io.reactiveipc.IpcNode;
import io.reactiveipc.IpcPublication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The sending process of the demo. */
final class DemoBroadcaster {
    static final String NAME = "demo-broadcaster";

    /** How many of the first lines the paced phase sends again and again. */
    private static final int SAMPLE_LINES = 1_000;

    private static final int SAMPLE_LINE_LENGTH = 4096;

    /** What a ring of the default capacity holds many of. */
    private static final int MAX_LINE_LENGTH = 256 * 1024;

    private final DemoOptions options;
    private final Source source;
    private final Terminal terminal;
    private final List<byte[]> sample = new ArrayList<>();
    private long cuts;

    private DemoBroadcaster(DemoOptions options, Terminal terminal) {
        this.options = options;
        this.source = Source.of(options.file(), terminal.in());
        this.terminal = terminal;
    }

    static int run(List<String> words, Terminal terminal) {
        DemoOptions options = DemoOptions.parseInChild(words);
        DemoProcess.endWithParent(options);
        try (IpcNode node = DemoProcess.node(NAME, options)) {
            return new DemoBroadcaster(options, terminal).broadcast(node);
        }
    }

    private int broadcast(IpcNode node) {
        for (Phase phase : Phase.values()) {
            IpcPublication<byte[]> publication = node.publish(phase.stream()).block();
            publication.awaitSubscribers(options.clients()).block();
            Tally tally = new Tally();
            Disposable progress = Progress.print(phase, tally, terminal.out());
            Flux<byte[]> lines = phase == Phase.FLOOD ? lines() : pacedLines();
            try {
                publication
                        .send(lines.doOnNext(line -> tally.add(line, line.length)))
                        .then(publication.drained())
                        .block();
            } catch (UncheckedIOException e) {
                publication.error(e).block();
                terminal.err().println("cannot read " + source.name() + ": " + e.getMessage());
                return Examples.FAILED;
            } finally {
                progress.dispose();
            }
            tally.ended();
            publication.complete().block();
            terminal.out().println(tally.report(phase).toLine());
        }
        if (cuts > 0) {
            terminal.err()
                    .println("cut longer lines into messages of at most " + MAX_LINE_LENGTH + " bytes, " + cuts
                            + " times");
        }
        return Examples.OK;
    }

    /** All lines of the source, as often as asked for; on a thread that may block while it reads. */
    private Flux<byte[]> lines() {
        return Flux.using(
                        this::open,
                        reader -> Flux.<byte[]>generate(sink -> {
                            byte[] line = read(reader);
                            if (line == null) {
                                sink.complete();
                            } else {
                                sink.next(line);
                            }
                        }),
                        this::close)
                .repeat(options.repeat() - 1L)
                .subscribeOn(Schedulers.boundedElastic());
    }

    private LineReader open() {
        try {
            return new LineReader(source.open(), MAX_LINE_LENGTH);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private byte @Nullable [] read(LineReader reader) {
        try {
            byte[] line = reader.next();
            if (line != null && sample.size() < SAMPLE_LINES) {
                sample.add(line.length <= SAMPLE_LINE_LENGTH ? line : Arrays.copyOf(line, SAMPLE_LINE_LENGTH));
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private void close(LineReader reader) {
        cuts += reader.cuts();
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** The sample, one line at a time at the rate asked for. */
    private Flux<byte[]> pacedLines() {
        if (sample.isEmpty()) {
            return Flux.empty();
        }
        long interval = TimeUnit.SECONDS.toNanos(1) / options.rate();
        long start = System.nanoTime();
        return Flux.range(0, options.paced())
                .map(i -> {
                    for (long early = start + i * interval - System.nanoTime();
                            early > 0;
                            early = start + i * interval - System.nanoTime()) {
                        LockSupport.parkNanos(early);
                    }
                    return sample.get(i % sample.size());
                })
                .subscribeOn(Schedulers.boundedElastic());
    }
}
