package io.reactiveipc.test.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Options of a {@link SecondJvm}. */
public final class SecondJvmBuilder {
    /** Where nodes look for their directory if nobody names one; a property of reactive-ipc-shm. */
    private static final String DIRECTORY = "reactive.ipc.directory";

    private final String name;
    private final List<String> flags = new ArrayList<>();
    private final List<String> start;
    private final List<String> arguments = new ArrayList<>();
    private Duration patience = Duration.ofSeconds(60);

    private SecondJvmBuilder(String name, List<String> start) {
        this.name = name;
        this.start = start;
        flags.add("-Xmx256m");
    }

    static SecondJvmBuilder ofMain(Class<?> main) {
        SecondJvmBuilder builder = new SecondJvmBuilder(
                main.getSimpleName(), List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--add-") || flag.startsWith("-Dreactive.ipc.")) {
                builder.flags.add(flag);
            }
        }
        return builder;
    }

    /** An executable jar, with the flags of its manifest and none of this JVM's. */
    public static SecondJvmBuilder ofJar(Path jar) {
        return new SecondJvmBuilder(jar.getFileName().toString(), List.of("-jar", jar.toString()));
    }

    /** A class of a jar, with none of this JVM's flags. */
    public static SecondJvmBuilder ofJar(Path jar, Class<?> main) {
        return new SecondJvmBuilder(main.getSimpleName(), List.of("-cp", jar.toString(), main.getName()));
    }

    /** Adds arguments for {@code main}. */
    public SecondJvmBuilder arguments(String... more) {
        arguments.addAll(List.of(more));
        return this;
    }

    /** Sets a system property. */
    public SecondJvmBuilder property(String key, String value) {
        return flags("-D" + key + "=" + value);
    }

    /** Names the directory of its nodes, for those whose builder does not. */
    public SecondJvmBuilder directory(Path directory) {
        return property(DIRECTORY, directory.toString());
    }

    /** Adds flags of the JVM; {@code -Xmx256m} is there already, and a later one overrides it. */
    public SecondJvmBuilder flags(String... more) {
        flags.addAll(List.of(more));
        return this;
    }

    /**
     * How long each wait for it may take; 60 s by default.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public SecondJvmBuilder patience(Duration limit) {
        if (Objects.requireNonNull(limit, "limit").isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("patience must be positive: " + limit);
        }
        this.patience = limit;
        return this;
    }

    /**
     * Starts the process.
     *
     * @throws UncheckedIOException if the system does not
     */
    public SecondJvm start() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(start);
        command.addAll(arguments);
        try {
            return new SecondJvm(name, new ProcessBuilder(command).start(), patience);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }
}
