package io.reactiveipc.benchmarks;

import io.reactiveipc.benchmarks.report.Metric;
import java.util.Map;

/**
 * One contender in one scenario, from its start to its end. Between {@link #suspend} and {@link #resume}, if that is
 * ever asked for, only {@link #close} may be called. Whatever fails is a {@link MeasurementException}: a process that ended, did not answer in time, or found wrong data.
 */
public interface Trial extends AutoCloseable {
    /** Lets its processes go on. */
    void resume();

    /** Makes its processes stand still, so that others can be measured. */
    void suspend();

    /** Whether another round fits into what it may write, see {@link io.reactiveipc.benchmarks.peer.Peer#byteBudget}. */
    boolean mayGoOn();

    /**
     * Works for about so long without counting anything.
     *
     * @return what holds still once it is warm; NaN if that cannot be seen
     */
    double warmUp(long nanos);

    /** What it uses from here on counts. */
    void startCounting();

    /** Works for about so long. */
    Round round(long nanos);

    /** Adds what the rounds do not tell: what it used since {@link #startCounting}. */
    void addUse(Map<Metric, Double> values);

    @Override
    void close();
}
