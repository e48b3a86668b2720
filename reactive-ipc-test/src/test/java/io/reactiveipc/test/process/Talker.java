package io.reactiveipc.test.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Prints nearly as much as a pipe holds, in one call of the system; says goodbye when it is asked to end. */
final class Talker {
    static final int LINES = 1000;

    private Talker() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("goodbye")));
        String text = IntStream.range(0, LINES)
                .mapToObj(i -> i + " " + "-".repeat(50) + "\n")
                .collect(Collectors.joining());
        new FileOutputStream(FileDescriptor.out).write(text.getBytes(StandardCharsets.UTF_8));
        Thread.currentThread().join();
    }
}
