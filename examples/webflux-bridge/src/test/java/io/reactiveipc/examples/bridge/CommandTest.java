package io.reactiveipc.examples.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CommandTest {
    @Test
    void aCommandChangesWhatItNamesAndNothingElse() {
        Settings before = new Settings(500, Settings.Sort.MEMORY, true, "earlier");

        Command command = Command.of(Map.of("intervalMillis", 100));

        assertThat(before.after(command)).isEqualTo(new Settings(100, Settings.Sort.MEMORY, true, command.id()));
    }

    @Test
    void ordersAreNamedInSmallOrLargeLetters() {
        assertThat(Command.of(Map.of("sort", "memory")).sort()).isEqualTo(Settings.Sort.MEMORY);
        assertThat(Command.of(Map.of("sort", "CPU")).sort()).isEqualTo(Settings.Sort.CPU);
    }

    @Test
    void aCommandThatChangesNothingIsRefusedWithWhatThereIs() {
        assertThatThrownBy(() -> Command.of(Map.of())).hasMessageContaining("intervalMillis, paused, sort");
    }

    @Test
    void valuesThatAreNotPossibleAreRefusedByName() {
        assertRefused("intervalMillis", 49, "from 50 to 10000: 49");
        assertRefused("intervalMillis", 10_001, "from 50 to 10000: 10001");
        assertRefused("intervalMillis", 99.5, "whole number");
        assertRefused("sort", "name", "cpu or memory: name");
        assertRefused("paused", "yes", "true or false: yes");
        assertRefused("speed", 3, "unknown field speed");
    }

    private static void assertRefused(String field, Object value, String message) {
        assertThatThrownBy(() -> Command.of(Map.of(field, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
