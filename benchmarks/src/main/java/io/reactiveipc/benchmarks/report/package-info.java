/** What becomes of the numbers: medians and ratios, JSON, Markdown and pictures. */
@NullMarked
package io.reactiveipc.benchmarks.report;

import org.jspecify.annotations.NullMarked;
