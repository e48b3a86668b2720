package io.reactiveipc.shm.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactiveipc.ErrorCode;
import io.reactiveipc.IpcException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The property that names a crash point. What happens at the points is the business of tests with processes. */
@Timeout(30)
class CrashPointTest {
    @ParameterizedTest
    @EnumSource
    void everyPointIsNamedByItsLabelAndPassedWithoutEffectHere(CrashPoint point) {
        assertThat(point.label()).matches("[a-z]+(-[a-z]+)*");
        assertThatCode(() -> CrashPoint.requireValid(point.label() + ":1")).doesNotThrowAnyException();
        assertThatCode(() -> CrashPoint.requireValid(point.label() + ":200:/tmp/a:b"))
                .doesNotThrowAnyException();
        assertThatCode(point::passed).doesNotThrowAnyException();
    }

    @Test
    void noPropertyIsValid() {
        assertThatCode(CrashPoint::requireValidProperty).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "record-stamped", "record-stamped:", "record-stamped:0", "RECORD_STAMPED:1", "x:1", "1"})
    void aPropertyThatNamesNoPointIsRefusedWithAllOfThem(String property) {
        assertThatThrownBy(() -> CrashPoint.requireValid(property))
                .isInstanceOfSatisfying(
                        IpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
                .hasMessageContaining("reactive.ipc.crash must be <point>:<n>")
                .hasMessageContaining("\"" + property + "\"")
                .hasMessageContaining("record-stamped, tail-published")
                .hasMessageContaining("row-cleared");
    }
}
