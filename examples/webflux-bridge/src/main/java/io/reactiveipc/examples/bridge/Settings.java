package io.reactiveipc.examples.bridge;

/**
 * How the process looks at the machine.
 *
 * @param lastCommand the id of the command that was heard last, or an empty string
 */
public record Settings(int intervalMillis, Sort sort, boolean paused, String lastCommand) {
    /** The order of the processes. */
    public enum Sort {
        CPU,
        MEMORY
    }

    public static Settings initial() {
        return new Settings(500, Sort.CPU, false, "");
    }

    /** What a command makes of them. */
    public Settings after(Command command) {
        return new Settings(
                command.intervalMillis() == null ? intervalMillis : command.intervalMillis(),
                command.sort() == null ? sort : command.sort(),
                command.paused() == null ? paused : command.paused(),
                command.id());
    }
}
