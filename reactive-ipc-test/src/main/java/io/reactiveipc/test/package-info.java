/**
 * A machine in memory, for tests of pipelines: {@link io.reactiveipc.test.InMemoryHost} has nodes that share it as processes
 * share a directory, without files, sockets or processes, and brings them into trouble on demand: {@link
 * io.reactiveipc.test.NodeFaults} of a node, {@link io.reactiveipc.test.StreamFaults} of a stream.
 *
 * <p>Nothing in here imitates the library: rings are written and read by the classes of reactive-ipc-shm, in plain memory, and
 * peers are told of by the sessions of reactive-ipc-uds, over connections in memory. So back-pressure, delivery, loss and the
 * order of events are those of the product.
 */
@NullMarked
package io.reactiveipc.test;

import org.jspecify.annotations.NullMarked;
