package io.reactiveipc;

/**
 * A notification without payload: that somebody, in this process or another, signalled a name, and how often.
 *
 * @param name what was signalled
 * @param count how many signals there were since the last one of these, at least 1
 * @param total how many there were since the subscription began, these included
 */
public record Signal(String name, long count, long total) {}
