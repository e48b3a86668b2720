package io.reactiveipc.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Where the demo's lines come from. */
sealed interface Source {
    /** What a person calls it. */
    String name();

    InputStream open() throws IOException;

    /** Whether it can be opened more than once. */
    boolean repeatable();

    /** How another process of the demo is told to use it. */
    List<String> arguments();

    /**
     * @param file a path, {@code -} for standard input, or empty for the data that the jar brings along
     * @throws UsageException naming the path, if it cannot be read
     */
    static Source of(String file, InputStream standardInput) {
        if (file.isEmpty()) {
            return new Bundled();
        }
        if (file.equals("-")) {
            return new StandardInput(standardInput);
        }
        Path path = Arguments.toPath("the file", file).toAbsolutePath().normalize();
        if (!Files.exists(path)) {
            throw new UsageException("there is no file " + path);
        }
        if (Files.isDirectory(path)) {
            throw new UsageException(path + " is a directory; name a file");
        }
        if (!Files.isReadable(path)) {
            throw new UsageException(path + " must not be read by this user; check its permissions");
        }
        return new OnDisk(path, Files.isRegularFile(path));
    }

    /** The time zone database as text: public domain, some thousand lines. */
    record Bundled() implements Source {
        private static final String RESOURCE = "tzdata.zi";

        @Override
        public String name() {
            return "examples/data/" + RESOURCE;
        }

        @Override
        public InputStream open() {
            return Objects.requireNonNull(Bundled.class.getResourceAsStream(RESOURCE), RESOURCE);
        }

        @Override
        public boolean repeatable() {
            return true;
        }

        @Override
        public List<String> arguments() {
            return List.of();
        }
    }

    record OnDisk(Path path, boolean repeatable) implements Source {
        @Override
        public String name() {
            return path.toString();
        }

        @Override
        public InputStream open() throws IOException {
            try {
                return Files.newInputStream(path);
            } catch (NoSuchFileException e) {
                throw new IOException("there is no file " + path, e);
            }
        }

        @Override
        public List<String> arguments() {
            return List.of(path.toString());
        }
    }

    record StandardInput(InputStream in) implements Source {
        @Override
        public String name() {
            return "standard input";
        }

        @Override
        public InputStream open() {
            return in;
        }

        @Override
        public boolean repeatable() {
            return false;
        }

        @Override
        public List<String> arguments() {
            return List.of("-");
        }
    }
}
