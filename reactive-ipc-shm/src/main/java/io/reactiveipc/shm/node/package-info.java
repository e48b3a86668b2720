/**
 * Who is alive, and what is to be done for those who are not. A node owns a row of {@code nodes.tab} as long as it holds the
 * row's byte of {@code nodes.lock}; the kernel lets go of the byte when the process ends in whatever way, so a byte that
 * can be had is the proof of a death, and no clock takes part in it. Whoever takes over a row first clears away what its
 * last owner left; that is repeatable, so it may itself be cut short at any step.
 */
@NullMarked
package io.reactiveipc.shm.node;

import org.jspecify.annotations.NullMarked;
