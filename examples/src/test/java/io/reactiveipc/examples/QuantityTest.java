package io.reactiveipc.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class QuantityTest {
    @Test
    void timesHaveThreeDigitsAndAUnit() {
        assertThat(Quantity.nanos(0)).isEqualTo("0 ns");
        assertThat(Quantity.nanos(999)).isEqualTo("999 ns");
        assertThat(Quantity.nanos(1_000)).isEqualTo("1.00 µs");
        assertThat(Quantity.nanos(99_940)).isEqualTo("99.9 µs");
        assertThat(Quantity.nanos(999_400)).isEqualTo("999 µs");
        assertThat(Quantity.nanos(999_600)).isEqualTo("1.00 ms");
        assertThat(Quantity.nanos(1_234_567_890_000L)).isEqualTo("1235 s");
    }

    @Test
    void bytesAreCountedInThousands() {
        assertThat(Quantity.bytes(9_999)).isEqualTo("9,999 B");
        assertThat(Quantity.bytes(23_600_000)).isEqualTo("23.6 MB");
        assertThat(Quantity.bytes(5_000_000_000_000_000L)).isEqualTo("5000 TB");
    }

    @Test
    void ratesWithoutTimeAreNotNumbers() {
        assertThat(Quantity.perSecond(0, 0)).isEqualTo("-");
        assertThat(Quantity.perSecond(3_000, 2_000_000_000L)).isEqualTo("1,500");
        assertThat(Quantity.bytesPerSecond(3_000_000, 1_000_000_000L)).isEqualTo("3.00 MB/s");
    }
}
