/**
 * Streams between real processes, some of which are stopped and killed. The tests drive child JVMs ({@link
 * io.reactiveipc.process.ChildJvm}), each of which runs a {@link io.reactiveipc.process.Peer}: it reads commands line by
 * line and answers each, so that a test decides what happens when. Every byte is checked where it arrives, against a
 * function of its publisher and number ({@link io.reactiveipc.process.Payload}).
 */
@NullMarked
package io.reactiveipc.process;

import org.jspecify.annotations.NullMarked;
