package io.reactiveipc.benchmarks.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which of several processes takes a task that one has to do. */
final class DriverSeat {
    private DriverSeat() {}

    /** Whether the caller is the first. */
    static boolean take(Path directory) {
        try {
            Files.createFile(directory.resolve("driver-seat"));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
