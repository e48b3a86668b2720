package io.reactiveipc.spring.boot;

import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.ListableBeanFactory;

/** The application's streams by the names of their beans, whether they come from properties or from code. */
final class StreamBeans {
    private final ListableBeanFactory beans;

    StreamBeans(ListableBeanFactory beans) {
        this.beans = beans;
    }

    /** Opens those that were left for later. */
    Map<String, IpcPublication<?>> publications() {
        Map<String, IpcPublication<?>> found = new TreeMap<>();
        beans.getBeansOfType(IpcPublication.class, false, true).forEach(found::put);
        return found;
    }

    /** As {@link #publications()}. */
    Map<String, IpcSubscription<?>> subscriptions() {
        Map<String, IpcSubscription<?>> found = new TreeMap<>();
        beans.getBeansOfType(IpcSubscription.class, false, true).forEach(found::put);
        return found;
    }
}
