/** The thread that serves all streams of a node, and the turnstile that keeps two threads out of one ring end. */
@NullMarked
package io.reactiveipc.internal.poll;

import org.jspecify.annotations.NullMarked;
