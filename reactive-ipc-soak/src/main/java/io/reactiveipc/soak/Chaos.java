package io.reactiveipc.soak;

import io.reactiveipc.IpcNode;
import io.reactiveipc.shm.crash.CrashPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The run. One thread: starts what is missing, does something bad, judges. What a publisher had committed before it died is
 * due at each subscriber that had begun to read it and stays alive; it is lost if it has not come in time.
 */
final class Chaos {
    private static final int VICTIMS = 3;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final List<String> LASTING = List.of("nodes.lock", "nodes.tab", "topics", "signals", "ctl");
    private static final long LEAST_KILLS_BETWEEN_USAGES = 40;

    /** What a run may add to a bystander for other reasons than a leak: code that is loaded late, connections, buffers. */
    private static final long DESCRIPTORS_ALLOWED = 40;

    private static final long HEAP_ALLOWED = 16 << 20;
    private static final long MAPPINGS_ALLOWED = 60;

    /** Messages that a subscriber owes us. */
    private record Debt(Child subscriber, SubscriberBook book, long life, long committed, long since) {}

    private final SoakOptions options;
    private final Random random;
    private final Path directory;
    private final Path books;
    private final Tally tally = new Tally();
    private final List<Child> children = new ArrayList<>();
    private final Map<Child, SubscriberBook> subscribers = new HashMap<>();
    private final List<Debt> debts = new ArrayList<>();
    private final Map<Child, Long> resumptions = new HashMap<>();
    private final Map<Long, Long> killedAt = new ConcurrentHashMap<>();
    private final Map<Child, Usage> firstUsages = new HashMap<>();
    private long lives;
    private volatile boolean judged;
    private volatile boolean abandoned;
    private String archive = "";
    private long peakBytes;

    Chaos(SoakOptions options) throws IOException {
        this.options = options;
        this.random = new Random(options.seed());
        Path memory = Path.of("/dev/shm");
        this.directory = Files.createTempDirectory(
                Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir")),
                "reactive-ipc-soak-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        this.books = Files.createTempDirectory("reactive-ipc-soak-books-");
    }

    /** Returns whether nothing was wrong. */
    boolean run() throws IOException, InterruptedException {
        long start = System.nanoTime();
        System.out.println("seed " + options.seed() + ", files in " + directory);
        Runtime.getRuntime().addShutdownHook(new Thread(this::abandon));
        try {
            archive = Child.archive(directory, books, this::said);
            startBystanders();
            long told = start;
            while (tally.kills + tally.halted < options.kills()
                    || System.nanoTime() - start < options.time().toNanos()) {
                startMissing();
                act();
                TimeUnit.MILLISECONDS.sleep(50 + random.nextInt(350));
                look();
                if (System.nanoTime() - told > TimeUnit.SECONDS.toNanos(10)) {
                    told = System.nanoTime();
                    System.out.println(summary(start));
                }
            }
            settle();
            measure();
            killAll();
            judgeDirectory();
        } finally {
            children.forEach(Child::kill);
        }
        judged = true;
        System.out.println(summary(start));
        report(start);
        if (tally.isClean()) {
            remove(directory);
            remove(books);
        } else {
            System.out.println("kept for a look: " + directory + " " + books);
        }
        return tally.isClean();
    }

    /** At the end of this process: nothing is left running, nor, if it was told to end early, in memory. */
    private void abandon() {
        abandoned = true;
        try {
            do { // again if one was being started just now
                for (Child child : List.copyOf(children)) {
                    child.kill();
                    child.awaitEnd();
                }
                if (judged) {
                    return;
                }
                remove(directory);
                remove(books);
                TimeUnit.MILLISECONDS.sleep(300);
            } while (Files.exists(directory) || children.stream().anyMatch(Child::isAlive));
        } catch (IOException | UncheckedIOException | InterruptedException e) {
            System.err.println("left: " + directory + " " + books + " (" + e + ")");
        }
    }

    // ---- starting ---------------------------------------------------------------------------------------------------

    private void startBystanders() throws InterruptedException {
        start(Role.BYSTANDER);
        start(Role.BYSTANDER);
        awaitOpen();
    }

    private void startMissing() {
        if (abandoned) {
            return;
        }
        for (Role role : List.of(Role.PUBLISHER, Role.SUBSCRIBER)) {
            for (long there = children.stream()
                            .filter(child -> child.role() == role)
                            .count();
                    there < VICTIMS;
                    there++) {
                start(role);
            }
        }
    }

    private void start(Role role) {
        Child child = Child.start(
                role, ++lives, directory, books, archive, role == Role.BYSTANDER ? "" : crash(), this::said);
        tally.starts++;
        children.add(child);
        if (role != Role.PUBLISHER) {
            subscribers.put(child, SubscriberBook.open(books, child.life()));
        }
    }

    /** Half of the victims halt themselves somewhere, if they come by before they are killed. */
    private String crash() {
        if (random.nextBoolean()) {
            return "";
        }
        CrashPoint[] points = CrashPoint.values();
        int passages = 1 << random.nextInt(8);
        return points[random.nextInt(points.length)].label() + ":" + (1 + random.nextInt(passages));
    }

    private void awaitOpen() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!children.stream().allMatch(child -> child.isOpen() || !child.isAlive())) {
            if (System.nanoTime() > end) {
                tally.complain("not open in time: "
                        + children.stream().filter(child -> !child.isOpen()).toList());
                return;
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private void said(Child child, String[] words) {
        switch (words[0]) {
            case "violation" -> tally.complain(child + ": " + words[1]);
            case "crashed" -> {
                String[] pidAndTime = words[1].split(" ");
                Long at = killedAt.remove(Long.parseLong(pidAndTime[0])); // the first bystander to tell
                if (at != null) {
                    tally.detected(Math.max(0, Long.parseLong(pidAndTime[1]) - at));
                }
            }
            default -> System.out.println(child + " says: " + words[1]);
        }
    }

    // ---- doing bad things -------------------------------------------------------------------------------------------

    private void act() throws InterruptedException {
        boolean startingToo = random.nextInt(10) == 0;
        List<Child> victims = children.stream()
                .filter(child -> child.role() != Role.BYSTANDER)
                .filter(child -> child.isOpen() || startingToo)
                .toList();
        if (victims.isEmpty()) {
            return;
        }
        int dice = random.nextInt(100);
        if (dice < 75) {
            kill(List.of(victims.get(random.nextInt(victims.size()))));
        } else if (dice < 80) {
            kill(victims);
        } else {
            Child child = children.get(random.nextInt(children.size())); // bystanders too
            if (!child.isStopped() && child.isOpen()) {
                child.suspend();
                tally.stops++;
                resumptions.put(child, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(600)));
            }
        }
    }

    private void kill(List<Child> victims) {
        long now = System.currentTimeMillis();
        for (Child victim : victims) {
            if (victim.isOpen()) {
                killedAt.put(victim.pid(), now);
            } else {
                killedAt.remove(victim.pid()); // of one before it: the system gives numbers again
            }
            victim.kill();
        }
    }

    // ---- judging ----------------------------------------------------------------------------------------------------

    /** Resumes who was stopped for long enough, buries the dead, collects debts. */
    private void look() throws InterruptedException {
        for (Iterator<Map.Entry<Child, Long>> it = resumptions.entrySet().iterator(); it.hasNext(); ) {
            Map.Entry<Child, Long> entry = it.next();
            if (System.nanoTime() > entry.getValue()) {
                entry.getKey().resume();
                it.remove();
            }
        }
        for (Child dead : children.stream().filter(child -> !child.isAlive()).toList()) {
            bury(dead);
        }
        debts.removeIf(this::isSettled);
        peakBytes = Math.max(peakBytes, bytes());
        if (firstUsages.isEmpty() && tally.kills > LEAST_KILLS_BETWEEN_USAGES) {
            for (Child bystander : bystanders()) {
                bystander.resume();
                resumptions.remove(bystander);
                firstUsages.put(bystander, bystander.usage());
            }
        }
    }

    private void bury(Child dead) throws InterruptedException {
        dead.awaitEnd();
        children.remove(dead);
        resumptions.remove(dead);
        if (!dead.endedAsDue()) {
            tally.complain(dead + " ended with " + dead.exitCode());
        }
        if (dead.haltedItself()) {
            tally.halted++;
        } else {
            tally.kills++;
        }
        SubscriberBook book = subscribers.remove(dead);
        if (book != null) {
            tally.add(book);
            debts.removeIf(debt -> debt.subscriber == dead);
            delete(SubscriberBook.path(books, dead.life()));
        }
        if (dead.role() == Role.PUBLISHER) {
            settleAccounts(dead);
        }
    }

    private void settleAccounts(Child publisher) {
        Path path = PublisherBook.path(books, publisher.life());
        if (!Files.exists(path)) { // it died before
            return;
        }
        PublisherBook published = PublisherBook.open(books, publisher.life());
        subscribers.forEach((subscriber, book) -> {
            SubscriberBook.Entry entry = book.of(publisher.life());
            if (entry != null) {
                tally.obligations++;
                debts.add(new Debt(subscriber, book, publisher.life(), published.committed(), System.nanoTime()));
                if (entry.next() > published.begun()) {
                    tally.invented++;
                    tally.complain(subscriber + " has " + entry.next() + " messages of life " + publisher.life()
                            + ", which began " + published.begun());
                }
            }
        });
        delete(path);
    }

    private boolean isSettled(Debt debt) {
        SubscriberBook.Entry entry = debt.book.of(debt.life);
        if (entry == null || entry.next() >= debt.committed) {
            return true;
        }
        if (System.nanoTime() - debt.since < PATIENCE_NANOS) {
            return false;
        }
        tally.lost += debt.committed - entry.next();
        tally.complain(debt.subscriber + " has " + entry.next() + " messages of life " + debt.life
                + ", which had committed " + debt.committed);
        return true;
    }

    /** Gives all time for what is due. */
    private void settle() throws InterruptedException {
        for (Child child : List.copyOf(children)) {
            if (resumptions.remove(child) != null && child.isAlive()) {
                child.resume();
            }
        }
        while (!debts.isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(20);
            look();
        }
    }

    private List<Child> bystanders() {
        return children.stream().filter(child -> child.role() == Role.BYSTANDER).toList();
    }

    /** Bystanders have as much open, mapped and on their heaps as near the beginning. */
    private void measure() throws InterruptedException {
        for (Child bystander : bystanders()) {
            Usage last = bystander.usage();
            Usage first = firstUsages.getOrDefault(bystander, last);
            System.out.printf(
                    "%s: descriptors %d -> %d, heap %d -> %d KiB, mappings %d -> %d%n",
                    bystander,
                    first.descriptors(),
                    last.descriptors(),
                    first.heap() >> 10,
                    last.heap() >> 10,
                    first.mappings(),
                    last.mappings());
            if (last.descriptors() > first.descriptors() + DESCRIPTORS_ALLOWED
                    || last.heap() > first.heap() + HEAP_ALLOWED
                    || last.mappings() > first.mappings() + MAPPINGS_ALLOWED) {
                tally.complain(bystander + " grows: from " + first + " to " + last
                        + " (descriptors, bytes of heap, mappings)");
            }
        }
        if (bystanders().size() != 2) {
            tally.complain("a bystander is gone");
        }
    }

    /** All at once, the bystanders too. */
    private void killAll() throws InterruptedException {
        List<Child> all = List.copyOf(children);
        kill(all);
        for (Child child : all) {
            bury(child);
        }
    }

    private void judgeDirectory() throws IOException {
        IpcNode.builder().name("last").directory(directory).build().close();
        List<String> left = files().filter(name -> !LASTING.contains(name)).toList();
        if (!left.isEmpty()) {
            tally.complain("left in " + directory + ": " + left);
        }
    }

    private Stream<String> files() throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths
                    .filter(path -> !path.equals(directory))
                    .map(path -> directory.relativize(path).toString())
                    .toList()
                    .stream();
        }
    }

    private long bytes() {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.mapToLong(path -> path.toFile().length()).sum();
        } catch (IOException | UncheckedIOException e) {
            return 0; // something went while we looked
        }
    }

    // ---- telling ----------------------------------------------------------------------------------------------------

    private long sum(SubscriberBook.Count count) {
        return tally.sum(count)
                + subscribers.values().stream()
                        .mapToLong(book -> book.get(count))
                        .sum();
    }

    private String summary(long start) {
        return String.format(
                "%d s: %d kills, %d halted at crash points, %d stops, %d starts, %d messages validated, %d torn, %d duplicated, "
                        + "%d missing, %d lost, %d invented",
                Duration.ofNanos(System.nanoTime() - start).toSeconds(),
                tally.kills,
                tally.halted,
                tally.stops,
                tally.starts,
                sum(SubscriberBook.Count.VALIDATED),
                sum(SubscriberBook.Count.TORN),
                sum(SubscriberBook.Count.DUPLICATED),
                sum(SubscriberBook.Count.GAPS),
                tally.lost,
                tally.invented);
    }

    private void report(long start) {
        System.out.println("deaths: " + tally.detection());
        System.out.println("commit points checked at subscribers: " + tally.obligations);
        System.out.println("most bytes in the directory: " + peakBytes);
        System.out.println((tally.isClean() ? "CLEAN" : "WRONG") + " with seed " + options.seed());
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.sorted(Comparator.reverseOrder()).forEach(Chaos::delete);
        }
    }
}
