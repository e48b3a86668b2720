package io.reactiveipc.examples;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What an example reads and prints, so that a test can stand in for a person. */
record Terminal(InputStream in, PrintStream out, PrintStream err) {
    /** The process's own streams, in UTF-8 whatever the locale is. */
    static Terminal ofProcess() {
        return new Terminal(
                new FileInputStream(FileDescriptor.in), printer(FileDescriptor.out), printer(FileDescriptor.err));
    }

    private static PrintStream printer(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
