package io.reactiveipc.examples;

/** What to do when the process is asked to end by Ctrl+C or SIGTERM. */
final class Shutdown extends Thread {
    private final Runnable action;
    private volatile boolean started;

    private Shutdown(Runnable action) {
        super("shutdown");
        this.action = action;
    }

    /** Has the JVM run the action when it ends. The action is to be idempotent: it runs at a normal end, too. */
    static Shutdown run(Runnable action) {
        Shutdown shutdown = new Shutdown(action);
        Runtime.getRuntime().addShutdownHook(shutdown);
        return shutdown;
    }

    /** Whether the JVM is ending. */
    boolean started() {
        return started;
    }

    @Override
    public void run() {
        started = true;
        action.run();
    }
}
