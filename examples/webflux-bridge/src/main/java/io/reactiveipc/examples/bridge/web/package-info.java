/**
 * The web application: {@code SharedFeed} is its one subscription to the ring, from which each browser gets what it can take;
 * {@code CommandStream} is the way back; {@code Picture} tells of the streams and of the peers behind them.
 */
@NullMarked
package io.reactiveipc.examples.bridge.web;

import org.jspecify.annotations.NullMarked;
