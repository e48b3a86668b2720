/**
 * Typed, back-pressured streams between the processes of one machine, through shared memory, as Project Reactor types.
 *
 * <pre>
 *  DATA PLANE (bytes, hot)                          CONTROL PLANE (events, cold)
 *  app ─ emit / send(Flux) ─► IpcPublication        IpcNode ─ one per process, owns both planes
 *               │ claim, commit                         │
 *               ▼                                       ▼
 *       one ring per publication                    one Unix socket per node
 *       (mapped file, one writer)
 *               │ acquire stamp, poll                   │
 *               ▼                                       ▼
 *  IpcSubscription ─► Flux&lt;T&gt; / Flux&lt;Message&gt;  Flux of peer events
 * </pre>
 *
 * The control plane may wake a sleeper and tell of peers; it never carries data, and nothing is lost when it lags.
 *
 * <p>Start with {@link io.reactiveipc.IpcNode}. A publication is a sink whose demand is free ring space; a subscription
 * is a {@code Flux}. Signals run on the node's poll loop, one thread that plays the part an event loop plays in Reactor
 * Netty: never block it, and use {@code publishOn} or {@code subscribeOn} for work that may.
 */
@NullMarked
package io.reactiveipc;

import org.jspecify.annotations.NullMarked;
