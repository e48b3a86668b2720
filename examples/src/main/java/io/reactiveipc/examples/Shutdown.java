package io.reactiveipc.examples;

/** What to do when the process is asked to end by Ctrl+C or SIGTERM. */
final class Shutdown {
    private static volatile boolean started;

    private Shutdown() {}

    /** Has the JVM run the action when it ends. The action is to be idempotent: it runs after a normal end, too. */
    static void run(Runnable action) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            started = true;
                            action.run();
                        },
                        "shutdown"));
    }

    /** Whether the JVM is ending, so that what fails now fails because of it. */
    static boolean started() {
        return started;
    }
}
