package io.reactiveipc.spring.boot;

import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/** Registers a bean for each stream that properties name, typed by its codec, unless the application has one of that name. */
final class StreamBeanRegistrar implements ImportBeanDefinitionRegistrar {
    /** The name of the {@link ConfiguredStreams}. */
    static final String OPENER = "reactiveIpcConfiguredStreams";

    private final Environment environment;

    StreamBeanRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        IpcProperties properties = Binder.get(environment).bindOrCreate(IpcProperties.PREFIX, IpcProperties.class);
        properties
                .publications()
                .forEach((id, publication) -> register(
                        registry,
                        id,
                        ResolvableType.forClassWithGenerics(
                                IpcPublication.class, publication.codec().type()),
                        "publication"));
        properties.subscriptions().forEach((id, subscription) -> {
            if (properties.publications().containsKey(id)) {
                throw new InvalidConfigurationPropertyValueException(
                        ConfiguredStreams.SUBSCRIPTIONS + id,
                        id,
                        "A publication has that name too, and both are to be beans. Rename one, and keep the stream's name"
                                + " with " + ConfiguredStreams.SUBSCRIPTIONS + "<name>.stream.");
            }
            register(
                    registry,
                    id,
                    ResolvableType.forClassWithGenerics(
                            IpcSubscription.class, subscription.codec().type()),
                    "subscription");
        });
    }

    private static void register(BeanDefinitionRegistry registry, String id, ResolvableType type, String method) {
        if (registry.containsBeanDefinition(id)) {
            return;
        }
        RootBeanDefinition definition = new RootBeanDefinition();
        definition.setTargetType(type);
        definition.setFactoryBeanName(OPENER);
        definition.setFactoryMethodName(method);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, id);
        definition.setDestroyMethodName("dispose");
        definition.setResourceDescription("property " + IpcProperties.PREFIX + "." + method + "s." + id);
        registry.registerBeanDefinition(id, definition);
    }
}
