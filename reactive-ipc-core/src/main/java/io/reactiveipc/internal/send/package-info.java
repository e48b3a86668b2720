/**
 * From {@code Publisher} to ring. {@link io.reactiveipc.internal.send.RingPublication} lets one writer at a time at the
 * ring; a {@code Writer} that finds it full, or taken, joins the queue of waiting writers, which the poll loop serves in
 * order as room appears.
 */
@NullMarked
package io.reactiveipc.internal.send;

import org.jspecify.annotations.NullMarked;
