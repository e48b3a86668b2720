/**
 * reactive-ipc side by side with others, in one run: {@code compare} starts two JVMs per measurement, tells them over their
 * standard input what to do, and writes what they found. {@code peer} holds one file per contender, {@code role} what a
 * measured process does with it, {@code report} what becomes of the numbers.
 */
@NullMarked
package io.reactiveipc.benchmarks;

import org.jspecify.annotations.NullMarked;
