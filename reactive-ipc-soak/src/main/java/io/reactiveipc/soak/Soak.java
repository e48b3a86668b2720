package io.reactiveipc.soak;

import java.io.IOException;
import java.util.Arrays;

/** Exit codes: 0 nothing was wrong, 1 something was, 2 the options are. */
public final class Soak {
    /** Begins the arguments of a child. */
    static final String CHILD = "child";

    private Soak() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 5 && arguments[0].equals(CHILD)) {
            SoakProcess.main(Arrays.copyOfRange(arguments, 1, 5));
            return;
        }
        SoakOptions options;
        try {
            options = SoakOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + SoakOptions.USAGE);
            System.exit(2);
            return;
        }
        System.exit(new Chaos(options).run() ? 0 : 1);
    }
}
