package io.reactiveipc.benchmarks.role;

import java.io.PrintStream;

/** The process that started this one; it hears lines. */
final class Parent {
    /** Tells a line for the parent from what a library prints. */
    static final String MARK = "@";

    private final PrintStream out;

    Parent(PrintStream out) {
        this.out = out;
    }

    synchronized void tell(String verb, String words) {
        out.println(MARK + verb + " " + words);
        out.flush();
    }
}
