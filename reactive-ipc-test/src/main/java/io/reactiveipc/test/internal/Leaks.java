package io.reactiveipc.test.internal;

/** What is said of things that were not given back, and how to mend it. */
public final class Leaks {
    private Leaks() {}

    /** A subscriber of {@code leases()} whose node was closed while messages were out. */
    public static String leases(String node, String stream, String session) {
        return "leases: a subscriber of stream \"" + stream + "\" (session " + session + ") in node \"" + node
                + "\" has messages that were not released when its node was closed; release() each, and end the"
                + " pipeline with .doOnDiscard(Message.class, Message::release)";
    }

    /** @param node its name, with what else is known of it */
    public static String node(String node) {
        return "node: " + node + " is still open; close it, at best with try-with-resources";
    }
}
