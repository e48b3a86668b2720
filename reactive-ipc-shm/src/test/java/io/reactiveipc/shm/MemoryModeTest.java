package io.reactiveipc.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.spi.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The build runs every test twice, once in each memory mode; this is where it would notice if both were the same. */
@Timeout(30)
class MemoryModeTest {
    @Test
    void testsRunInTheModeThatTheBuildSaysTheyDo() {
        assertThat(Memory.mode()).isEqualTo(System.getProperty("memory.mode.under.test", "not set by the build"));
    }
}
