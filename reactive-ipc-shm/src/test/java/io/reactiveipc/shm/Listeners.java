package io.reactiveipc.shm;

import io.reactiveipc.shm.layout.SlotLayout;
import io.reactiveipc.shm.segment.SignalFile;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** Those who listen to a signal, counted in its file. */
public final class Listeners {
    private Listeners() {}

    public static int count(Path file) {
        SignalFile signal = SignalFile.open(file);
        return signal == null
                ? 0
                : (int) IntStream.range(0, SlotLayout.SLOT_COUNT)
                        .filter(slot -> SlotLayout.state(signal.buffer().getLong(SlotLayout.wordOffset(slot)))
                                == SlotLayout.ACTIVE)
                        .count();
    }
}
