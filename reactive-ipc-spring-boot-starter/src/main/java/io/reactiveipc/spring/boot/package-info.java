/**
 * The library in a Spring Boot application: an {@link io.reactiveipc.IpcNode} that lives as long as the application context,
 * streams as beans, health and meters. Everything is a bean that the application may replace with its own.
 *
 * <p>Start with {@link io.reactiveipc.spring.boot.IpcAutoConfiguration} and {@link
 * io.reactiveipc.spring.boot.IpcProperties}; {@link io.reactiveipc.spring.boot.IpcStreams} opens streams from code.
 */
@NullMarked
package io.reactiveipc.spring.boot;

import org.jspecify.annotations.NullMarked;
