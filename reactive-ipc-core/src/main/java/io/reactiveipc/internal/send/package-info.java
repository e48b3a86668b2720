/**
 * From {@code Publisher} to ring. A publication is one object of three floors, each a class that knows nothing of those above
 * it: {@code MessageEncoder} takes a message into the ring, {@code WriterQueue} lets one writer at a time at it, and {@link
 * io.reactiveipc.internal.send.RingPublication} is what users see. (One object, because each message passes all floors.) A
 * {@code Writer} that finds the ring full, or taken, joins the queue, which the poll loop serves in order as room appears.
 */
@NullMarked
package io.reactiveipc.internal.send;

import org.jspecify.annotations.NullMarked;
