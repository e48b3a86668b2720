package io.reactiveipc.examples;

import io.reactiveipc.shm.inspect.SegmentInspector;
import java.util.List;
import java.util.Set;

/** Prints what stands in a directory of nodes, or in one ring, for a bug report. Changes nothing, and shows no payload. */
final class Inspect {
    private Inspect() {}

    static int run(List<String> words, Terminal terminal) {
        Arguments arguments = Arguments.parse(words, Set.of(), 1);
        String path =
                arguments.file().orElseThrow(() -> new UsageException("name a directory of nodes, or a ring in it"));
        terminal.out().print(SegmentInspector.inspect(Arguments.toPath("the argument", path)));
        return Examples.OK;
    }
}
