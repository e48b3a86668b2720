package io.reactiveipc.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.Codec;
import io.reactiveipc.IpcException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WithoutJacksonTest {
    @Test
    void theOtherCodecsWorkAndCborNamesWhatToAdd() throws Exception {
        URL[] classPath = {
            location(Codec.class),
            location(org.agrona.DirectBuffer.class),
            location(org.jspecify.annotations.Nullable.class)
        };
        try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            Class<?> codec = loader.loadClass(Codec.class.getName());
            assertThat(codec).isNotSameAs(Codec.class);
            assertThat(codec.getMethod("utf8").invoke(null)).isNotNull();
            assertThat(codec.getMethod("bytes").invoke(null)).isNotNull();
            assertThatThrownBy(() -> codec.getMethod("cbor", Class.class).invoke(null, String.class))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .satisfies(error -> {
                        assertThat(error.getClass().getName()).isEqualTo(IpcException.class.getName());
                        assertThat(error.getClass().getMethod("code").invoke(error))
                                .hasToString("CODEC");
                        assertThat(error)
                                .hasMessageContaining("java.lang.String")
                                .hasMessageContaining("add com.fasterxml.jackson.dataformat:jackson-dataformat-cbor");
                    });
        }
    }

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }
}
