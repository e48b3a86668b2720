package io.reactiveipc.examples;

import io.reactiveipc.IpcException;
import io.reactiveipc.IpcNode;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/** The entry of the jar: the first argument names the example. */
public final class Examples {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int MISUSED = 2;

    private Examples() {}

    public static void main(String[] args) {
        System.exit(run(Arrays.asList(args), Terminal.ofProcess()));
    }

    /** Runs an example and returns the process's exit code. */
    static int run(List<String> words, Terminal terminal) {
        if (words.isEmpty()) {
            usage(terminal.err());
            return MISUSED;
        }
        if (words.contains("--help") || words.contains("-h")) {
            usage(terminal.out());
            return OK;
        }
        String example = words.get(0);
        List<String> rest = words.subList(1, words.size());
        try {
            return switch (example) {
                case "demo" -> Demo.run(rest, terminal);
                case "broadcaster" -> Broadcaster.run(rest, terminal);
                case "client" -> Client.run(rest, terminal);
                case "event-receiver" -> EventReceiver.run(rest, terminal);
                case "event-sender" -> EventSender.run(rest, terminal);
                case "ticker" -> Ticker.run(rest, terminal);
                case "screen" -> Screen.run(rest, terminal);
                case "latecomer" -> Latecomer.run(rest, terminal);
                case "jobs" -> Jobs.run(rest, terminal);
                case "worker" -> Worker.run(rest, terminal);
                case "inspect" -> Inspect.run(rest, terminal);
                case DemoBroadcaster.NAME -> DemoBroadcaster.run(rest, terminal);
                case DemoClient.NAME -> DemoClient.run(rest, terminal);
                default -> {
                    terminal.err().println("there is no example \"" + example + "\"");
                    usage(terminal.err());
                    yield MISUSED;
                }
            };
        } catch (UsageException e) {
            terminal.err().println(example + ": " + e.getMessage());
            return MISUSED;
        } catch (IpcException e) {
            if (!Shutdown.started()) {
                terminal.err().println(example + ": " + e.getMessage());
            }
            return FAILED;
        }
    }

    /** The node of an example, as {@code --directory} and {@code --wait} say. */
    static IpcNode node(String name, Arguments arguments) {
        IpcNode.Builder builder =
                IpcNode.builder().name(name).waitStrategy(Waiting.of(arguments).strategy());
        arguments.path("--directory").ifPresent(builder::directory);
        return builder.build();
    }

    private static void usage(PrintStream printer) {
        printer.print("""
                usage: java -jar examples.jar EXAMPLE [ARGUMENTS]

                  demo [FILE|-]   streams a file through shared memory from one process to several others, and checks
                                  that each got every byte; without FILE it takes the time zone data it brings along,
                                  with - its standard input
                      --clients N       receiving processes, 1 to 64 (2)
                      --repeat N        how often the file is sent (about 3 million lines in all)
                      --paced N         messages of the second part, which measures latency at a fixed rate (20000)
                      --rate N          messages per second of that part (10000)
                      --timeout SECONDS how long no process may make progress before the demo gives up (30)
                      --directory DIR   where its temporary directory goes (/dev/shm)

                  broadcaster     reads lines from standard input and publishes each; "exit" or end of file ends it
                  client          prints each line with its latency; "exit", or the end of the stream, ends it
                      --stream NAME     the stream's name, the same on both sides (lines)
                      --directory DIR   where the rings are, the same on both sides (the library's default)
                      --clients N       broadcaster only: wait for so many clients before the first line (0)

                  event-receiver  tells peers that it is ready, prints messages, heartbeats and what becomes of its
                                  peers, until Ctrl+C
                  event-sender    waits until a receiver is ready, sends 15 messages, ends
                      --stream NAME     the stream's name, the same on both sides (events)
                      --directory DIR   where the rings are, the same on both sides (the library's default)
                      --interval MILLIS event-sender only: between two messages (300)

                  ticker          publishes a running number, whoever reads: the oldest ticks make way
                  screen          shows the newest tick, waits, shows the newest one by then
                  latecomer       gets the last ticks there were, and then each one
                      --stream NAME     the stream's name, the same on all sides (ticks)
                      --directory DIR   where the rings are, the same on all sides (the library's default)
                      --every MILLIS    between two ticks (10), or two looks (1000)
                      --last N          latecomer only: how far to go back, 1 to 100 (10)
                      --count N         end after so many

                  jobs            hands out numbered jobs, waits until all are done
                  worker          does jobs, each of which goes to one worker; those of a worker that is killed go to others
                      --stream NAME     the stream's name, the same on all sides (jobs)
                      --directory DIR   where the rings are, the same on all sides (the library's default)
                      --every MILLIS    between two jobs (10), or how long one takes (20)
                      --count N         jobs only: how many (1000)
                      --workers N       jobs only: wait for so many before the first job (1)
                      --parallel N      worker only: how many it does at a time, 1 to 8 (2)

                  inspect PATH    prints nodes, rings, positions, slots and last records of a directory, or of one .ring file
                                  in it, of the living or the dead, for a bug report; changes nothing, shows no payload

                  all of them
                      --wait HOW        how processes wait for messages: adaptive, spin or blocking (adaptive)

                Exit codes: 0 all is well, 1 something failed or disagrees, 2 the arguments make no sense.
                """);
    }
}
