package io.reactiveipc.test.junit;

import io.reactiveipc.IpcNode;
import io.reactiveipc.test.InMemoryHost;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Gives a test nodes that only it has, as parameters of its method or of {@code @BeforeEach} and {@code @AfterEach} methods:
 *
 * <ul>
 *   <li>{@link IpcNode}: each parameter a node of its own, named as the parameter where the compiler keeps that; closed behind
 *       the test, the last one first;
 *   <li>{@link IpcNode.Builder}: for a node with options; who builds it closes it;
 *   <li>{@link Path}, without annotations: the directory of these nodes, to give to other processes. New for each test, in memory
 *       where the system has that;
 *   <li>{@link InMemoryHost}: for faults. Also in a test without {@link InMemory}, where the nodes above do not share it;
 *   <li>{@link VirtualTimeScheduler}, in a test method with {@link InMemory}: the clock and timers of its nodes.
 * </ul>
 *
 * <p>With {@link InMemory} on the method or the class the nodes share an {@link InMemoryHost}, else the directory.
 *
 * <p>A test that goes well otherwise fails if it leaves anything: nodes open, messages of {@code leases()} not released, rings or
 * other files in the directory. The message says which, and how to mend it. The directory of a test that failed is kept and named
 * in the log and in the report entry {@code reactive-ipc directory}; else it is removed.
 */
public final class IpcExtension implements ParameterResolver, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(IpcExtension.class);

    /** For JUnit. */
    public IpcExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        if (parameter.getDeclaringExecutable() instanceof Constructor
                || context.getTestMethod().isEmpty()) {
            return false; // what lives longer than one test is not this extension's to give
        }
        Class<?> type = parameter.getParameter().getType();
        if (type == Path.class) {
            return parameter.getParameter().getAnnotations().length == 0 && !isInMemory(context);
        }
        if (type == VirtualTimeScheduler.class) {
            return isInMemory(context) && wantsVirtualTime(context);
        }
        return type == IpcNode.class || type == IpcNode.Builder.class || type == InMemoryHost.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        TestResources resources = resources(context);
        Class<?> type = parameter.getParameter().getType();
        if (type == Path.class) {
            return resources.directory().path();
        }
        if (type == InMemoryHost.class) {
            return resources.host();
        }
        if (type == VirtualTimeScheduler.class) {
            return Objects.requireNonNull(resources.scheduler());
        }
        boolean inMemory = isInMemory(context);
        String name = name(parameter.getParameter());
        return type == IpcNode.class ? resources.node(name, inMemory) : resources.builder(name, inMemory);
    }

    private static String name(Parameter parameter) {
        return parameter.isNamePresent() ? parameter.getName() : "node";
    }

    private static TestResources resources(ExtensionContext context) {
        ExtensionContext.Store store = context.getStore(NAMESPACE);
        TestResources resources = store.get(TestResources.class, TestResources.class);
        if (resources == null) {
            resources = new TestResources(
                    isInMemory(context) && wantsVirtualTime(context) ? VirtualTimeScheduler.create() : null);
            store.put(TestResources.class, resources);
        }
        return resources;
    }

    private static boolean isInMemory(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getTestMethod(), InMemory.class)
                || AnnotationSupport.findAnnotation(context.getRequiredTestClass(), InMemory.class)
                        .isPresent();
    }

    private static boolean wantsVirtualTime(ExtensionContext context) {
        Optional<Method> test = context.getTestMethod();
        return test.isPresent() && Arrays.asList(test.get().getParameterTypes()).contains(VirtualTimeScheduler.class);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        TestResources resources = context.getStore(NAMESPACE).remove(TestResources.class, TestResources.class);
        if (resources == null) {
            return;
        }
        boolean failed = context.getExecutionException().isPresent();
        List<String> leaks = resources.close();
        Path kept = resources.removeDirectory(!failed && leaks.isEmpty());
        if (kept != null) {
            context.publishReportEntry("reactive-ipc directory", kept.toString());
        }
        if (!failed && !leaks.isEmpty()) {
            throw new AssertionError("the test left behind:\n - " + String.join("\n - ", leaks) + found(kept));
        }
    }

    private static String found(@Nullable Path kept) {
        return kept == null ? "" : "\nkept for a look: " + kept;
    }
}
