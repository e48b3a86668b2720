package io.reactiveipc.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.json.JsonParserFactory;

/** What an editor shows of the properties. */
@Timeout(20)
class MetadataTest {
    @SuppressWarnings("unchecked")
    private static Map<String, Map<String, Object>> properties() throws IOException {
        try (InputStream metadata =
                IpcProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            Map<String, Map<String, Object>> properties = new TreeMap<>();
            String json = new String(metadata.readAllBytes(), StandardCharsets.UTF_8);
            for (Object property : (List<Object>)
                    JsonParserFactory.getJsonParser().parseMap(json).get("properties")) {
                Map<String, Object> known = (Map<String, Object>) property;
                properties.put((String) known.get("name"), known);
            }
            return properties;
        }
    }

    @Test
    void everyPropertyHasADescriptionAndItsDefault() throws IOException {
        Map<String, Map<String, Object>> properties = properties();
        assertThat(Arrays.asList(IpcProperties.class.getRecordComponents()))
                .isNotEmpty()
                .allSatisfy(component -> {
                    String name = "reactive-ipc."
                            + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase();
                    assertThat(properties).containsKey(name);
                    assertThat((String) properties.get(name).get("description")).endsWith(".");
                });
        DefaultValue[] defaults = Arrays.stream(IpcProperties.class.getDeclaredConstructors()[0].getParameters())
                .map(parameter -> parameter.getAnnotation(DefaultValue.class))
                .filter(value -> value != null && value.value().length > 0)
                .toArray(DefaultValue[]::new);
        assertThat(properties.values())
                .extracting(property -> String.valueOf(property.get("defaultValue")))
                .contains(Arrays.stream(defaults).map(value -> value.value()[0]).toArray(String[]::new));
    }

    @Test
    void theSwitchOfTheHealthCheckIsAmongThem() throws IOException {
        assertThat(properties()).containsKey("management.health.reactive-ipc.enabled");
    }
}
