/** The thread that serves all streams of a node, the turnstile that keeps two threads out of one ring end, and what is handed in there. */
@NullMarked
package io.reactiveipc.internal.poll;

import org.jspecify.annotations.NullMarked;
