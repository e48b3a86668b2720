/**
 * Processes that share streams while they are killed, stopped, continued and started again at random. {@link
 * io.reactiveipc.soak.Chaos} does that and judges by what the processes wrote into files of their own: a {@link
 * io.reactiveipc.soak.PublisherBook} says what was committed, a {@link io.reactiveipc.soak.SubscriberBook} what came.
 */
@NullMarked
package io.reactiveipc.soak;

import org.jspecify.annotations.NullMarked;
