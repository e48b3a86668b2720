package io.reactiveipc.shm.ring;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import org.agrona.concurrent.AtomicBuffer;

/** A slot table that lets others act before each access of a subscriber. */
final class SlotsHook {
    private final AtomicBuffer buffer;

    /** @param before is given the name of each method that is about to be called */
    SlotsHook(AtomicBuffer slots, Consumer<String> before) {
        this.buffer = (AtomicBuffer) Proxy.newProxyInstance(
                AtomicBuffer.class.getClassLoader(),
                new Class<?>[] {AtomicBuffer.class},
                (proxy, method, arguments) -> {
                    before.accept(method.getName());
                    try {
                        return method.invoke(slots, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    AtomicBuffer buffer() {
        return buffer;
    }
}
