/** The process that looks at the machine: a plain JVM process without Spring. {@code Feed} publishes what {@code Machine} reads. */
@NullMarked
package io.reactiveipc.examples.bridge.feed;

import org.jspecify.annotations.NullMarked;
