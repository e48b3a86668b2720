package io.reactiveipc.examples.bridge;

import io.reactiveipc.Codec;
import io.reactiveipc.PublishPolicy;
import io.reactiveipc.StreamSpec;

/** The two streams between the processes. */
public final class Streams {
    /** From the process to the web application, which waits for the next process when one dies. */
    public static final StreamSpec<Snapshot> MACHINE = StreamSpec.of("machine", Codec.cbor(Snapshot.class))
            .capacity(1 << 20)
            .awaitSuccessor(true);

    /** Back again. A command that nobody hears is refused. */
    public static final StreamSpec<Command> COMMANDS = StreamSpec.of("machine-commands", Codec.cbor(Command.class))
            .capacity(1 << 16)
            .awaitSuccessor(true)
            .publishPolicy(PublishPolicy.WHEN_SUBSCRIBED);

    private Streams() {}
}
