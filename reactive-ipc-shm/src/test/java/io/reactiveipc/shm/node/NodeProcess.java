package io.reactiveipc.shm.node;

import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.shm.ring.SignalWords;
import io.reactiveipc.shm.segment.Headers;
import io.reactiveipc.shm.segment.RingFile;
import io.reactiveipc.shm.segment.RootDirectory;
import io.reactiveipc.shm.segment.SignalFile;
import io.reactiveipc.shm.segment.StreamDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A node in a process of its own, that does what it is told line by line. */
final class NodeProcess {
    private static final List<Object> KEPT = new ArrayList<>();

    private NodeProcess() {}

    public static void main(String[] arguments) throws IOException {
        RootDirectory root = RootDirectory.open(Path.of(arguments[0]));
        NodeTable table = NodeTable.open(root);
        NodeRow row = null;
        TopicLock lock = null;
        System.out.println("READY");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "claim" -> {
                    row = table.claim(words[1]);
                    System.out.println(row.index() + " " + row.uuid());
                }
                case "release" -> {
                    row.release();
                    System.out.println("released");
                }
                case "dead" -> System.out.println(table.dead(Integer.parseInt(words[1])));
                case "alive" -> System.out.println(table.alive(Integer.parseInt(words[1]), UUID.fromString(words[2])));
                case "publish" -> System.out.println(publish(root, table, row, words[1]));
                case "subscribe" -> {
                    subscribe(Path.of(words[1]), row.index(), Integer.parseInt(words[2]));
                    System.out.println("subscribed");
                }
                case "litter" -> System.out.println(litter(root, row, words[1]));
                case "lock" -> {
                    lock = table.lockTopic(words[1]);
                    System.out.println("locked");
                }
                case "unlock" -> {
                    lock.close();
                    System.out.println("unlocked");
                }
                case "sweep" -> System.out.println(table.reaper().sweep());
                case "signal" -> System.out.println(signal(root, table, row, words[1]));
                case "sweepAt" -> {
                    awaitFile(Path.of(words[1]));
                    System.out.println(table.reaper().sweep());
                }
                case "freeSlot" -> {
                    RingFile ring = RingFile.attach(Path.of(words[1]));
                    System.out.println(table.reaper().freeSlotIfDead(ring.slots(), Integer.parseInt(words[2])));
                }
                default -> throw new IllegalArgumentException(line);
            }
        }
    }

    private static Path publish(RootDirectory root, NodeTable table, NodeRow row, String stream) {
        StreamDirectory directory = root.stream(stream);
        try (TopicLock lock = table.lockTopic(directory.sha256())) {
            KEPT.add(lock);
            RingFile ring = RingFile.create(
                    directory, Headers.of(stream, row.index() + 1, KEPT.size(), row.index(), row.uuid()));
            KEPT.add(ring);
            return ring.path();
        }
    }

    /** Has a signal's file open, as the only one. */
    private static Path signal(RootDirectory root, NodeTable table, NodeRow row, String name) {
        try (TopicLock lock = table.lockTopic(SignalFile.sha256(name))) {
            KEPT.add(lock);
            SignalFile file = SignalFile.openOrCreate(root, name, row.uuid());
            new SignalWords(file.buffer()).use(row.index());
            KEPT.add(file);
        }
        return root.signals();
    }

    private static void awaitFile(Path path) {
        while (!Files.exists(path)) {
            Thread.onSpinWait();
        }
    }

    private static void subscribe(Path ring, int row, int slot) {
        RingFile attached = RingFile.attach(ring);
        attached.slots().putLongVolatile(SlotLayout.wordOffset(slot), SlotLayout.word(1, row, SlotLayout.ACTIVE));
        KEPT.add(attached);
    }

    /** What a process leaves that dies in the middle of things. */
    private static Path litter(RootDirectory root, NodeRow row, String stream) throws IOException {
        Path topic = root.stream(stream).path();
        Files.createFile(topic.resolve(".tmp-" + row.uuid() + "-77"));
        Files.createFile(root.path().resolve(".tmp-" + row.uuid() + "-78"));
        Files.createDirectories(root.sockets());
        return Files.createFile(root.sockets().resolve(row.uuid() + ".sock"));
    }
}
