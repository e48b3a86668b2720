/**
 * What a transport implements and what the bridge to Reactor is written against: {@link io.reactiveipc.spi.DataPlane} opens
 * rings, {@link io.reactiveipc.spi.RingProducer} and {@link io.reactiveipc.spi.RingConsumer} are their two ends, {@link
 * io.reactiveipc.spi.WaitStrategy} says how a poll loop without work passes the time, {@link
 * io.reactiveipc.spi.Memory} how this JVM reaches shared memory. Applications need none of it but the wait strategies.
 */
@NullMarked
package io.reactiveipc.spi;

import org.jspecify.annotations.NullMarked;
