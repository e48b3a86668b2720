package io.reactiveipc.benchmarks.peer;

/** Where an end reports what goes wrong on a thread that is not the harness's own. */
final class Failures {
    private Failures() {}

    static void fail(Throwable failure) {
        Thread thread = Thread.currentThread();
        Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
        if (handler != null) {
            handler.uncaughtException(thread, failure);
        }
    }
}
