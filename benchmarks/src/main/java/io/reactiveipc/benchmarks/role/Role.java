package io.reactiveipc.benchmarks.role;

import io.reactiveipc.benchmarks.peer.Endpoint;
import java.util.List;

/** What a measured process does with its ends. Made before they are joined; told by commands after that. */
interface Role {
    /** Tells the ends who listens. */
    void attach(List<Endpoint> ends);

    /** Does what the line says; runs on the thread of the commands. */
    void command(String verb, String[] words);
}
