/**
 * reactive-ipc side by side with others, in one run. A {@code Comparison} goes through {@code Scenario}s and has {@code Contender}s
 * meet in a {@code Heat}, where each one's {@code Trial} works for a {@code Round} at a time; that of a peer starts two JVMs or
 * more and tells them over their standard input what to do. {@code peer} holds one file per contender, {@code role} what a
 * measured process does with it, {@code report} what becomes of the numbers.
 */
@NullMarked
package io.reactiveipc.benchmarks;

import org.jspecify.annotations.NullMarked;
