/**
 * Programs to run and to read. {@link io.reactiveipc.examples.Broadcaster} and {@link io.reactiveipc.examples.Client} are
 * the smallest useful pair; {@link io.reactiveipc.examples.Demo} starts such processes itself, streams a file through
 * shared memory and checks that every client got every byte. Only the public API of the library is used.
 */
@NullMarked
package io.reactiveipc.examples;

import org.jspecify.annotations.NullMarked;
