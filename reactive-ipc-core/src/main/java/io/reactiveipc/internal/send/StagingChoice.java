package io.reactiveipc.internal.send;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Whether runs of a {@code send} are staged, by trial: it depends on how far the cores are from each other on which the writer and its
 * readers run, and these move. Every {@value #PERIOD} runs, some go one way and some the other, in turns; what took less time for its
 * bytes is the way of the others. That is by the median, as a run that is interrupted takes many times what it should. One thread at a time.
 */
final class StagingChoice {
    static final int PERIOD = 512;

    /** Runs of either way in a trial. */
    static final int TRIAL = 8;

    /** Staging has to be better by so much: it is the more complicated way. */
    private static final double MARGIN = 0.9;

    private final LongSupplier clock;
    private boolean staging;

    /** The runs of a whole trial are for practice at first: of code that was not compiled, and with a stage that is being allocated. */
    private int run = -2 * TRIAL;

    private long began;
    private long position;
    private final double[] plain = new double[TRIAL];
    private final double[] staged = new double[TRIAL];

    StagingChoice(LongSupplier clock) {
        this.clock = clock;
    }

    private boolean isTrial() {
        return run < 2 * TRIAL;
    }

    /**
     * A run begins.
     *
     * @param position of the ring
     * @return whether to stage it
     */
    boolean begin(long position) {
        if (!isTrial()) {
            return staging;
        }
        this.position = position;
        began = clock.getAsLong();
        return isStagedTrial();
    }

    private boolean isStagedTrial() {
        return (run & 1) != 0;
    }

    /** It is in the ring. */
    void end(long position) {
        if (isTrial() && position == this.position) {
            return; // there was no room: that tells nothing
        }
        if (isTrial() && run >= 0) {
            double nanosPerByte = (double) (clock.getAsLong() - began) / (position - this.position);
            (isStagedTrial() ? staged : plain)[run / 2] = nanosPerByte;
        }
        run++;
        if (run == 2 * TRIAL) {
            staging = median(staged) < MARGIN * median(plain);
        } else if (run == PERIOD) {
            run = 0;
        }
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return (values[TRIAL / 2 - 1] + values[TRIAL / 2]) / 2;
    }
}
