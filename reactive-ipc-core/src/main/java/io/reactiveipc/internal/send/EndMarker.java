package io.reactiveipc.internal.send;

import io.reactiveipc.spi.EndOfStream;
import reactor.core.publisher.MonoSink;

/** A {@code complete} or {@code error} in its turn: room for it is always kept. */
record EndMarker(WriterQueue<?> publication, EndOfStream end, MonoSink<Void> sink) implements Writer {
    @Override
    public Outcome write() {
        publication.end(end);
        return Outcome.DONE;
    }

    @Override
    public void written() {
        sink.success();
    }

    @Override
    public void refused(RuntimeException reason) {
        sink.success(); // it has ended, which is what was asked for
    }
}
