package io.reactiveipc.test.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Says what it was started with, repeats what it is told, and ends with 3 at the end of its input. */
final class Echo {
    private Echo() {}

    public static void main(String[] arguments) throws IOException {
        System.out.println(
                "started with " + String.join(",", arguments) + " in " + System.getProperty("reactive.ipc.directory"));
        System.err.println("and an error");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println("echo " + line);
        }
        System.exit(3);
    }
}
