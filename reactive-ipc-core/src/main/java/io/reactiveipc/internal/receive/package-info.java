/**
 * From rings to {@code Flux}. {@link io.reactiveipc.internal.receive.RingSubscription} follows the publications of a
 * stream; each subscriber of one of its Fluxes is a {@code RingReceiver} with a {@code Lane} per publication, drained by
 * the poll loop or, when an operator fuses, by that operator. A {@code RecordMapper} makes the value while the record is
 * still in the ring.
 */
@NullMarked
package io.reactiveipc.internal.receive;

import org.jspecify.annotations.NullMarked;
