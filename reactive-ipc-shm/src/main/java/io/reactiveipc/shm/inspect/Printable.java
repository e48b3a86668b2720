package io.reactiveipc.shm.inspect;

/** Text of another process, made fit for a terminal: no control characters, and no new lines where none belong. */
final class Printable {
    private Printable() {}

    static String of(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> printable.appendCodePoint(Character.isISOControl(c) ? '\uFFFD' : c));
        return printable.toString();
    }
}
