package io.reactiveipc.examples;

import io.reactiveipc.IpcNode;

/** What the processes of the demo have in common. */
final class DemoProcess {
    private DemoProcess() {}

    /** This process's node. */
    static IpcNode node(String name, DemoOptions options) {
        return IpcNode.builder()
                .name(name)
                .directory(options.directory().orElseThrow())
                .waitStrategy(options.waiting().strategy())
                .build();
    }

    /** Ends this process when the demo is gone, however it went, and removes the rings in its place. */
    static void endWithParent(DemoOptions options) {
        Runnable end = () -> {
            options.directory().ifPresent(DemoDirectory::remove);
            Runtime.getRuntime().halt(Examples.FAILED);
        };
        ProcessHandle.of(options.parent())
                .ifPresentOrElse(parent -> parent.onExit().thenRun(end), end);
    }
}
