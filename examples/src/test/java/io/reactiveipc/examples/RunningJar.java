package io.reactiveipc.examples;

import io.reactiveipc.test.process.SecondJvm;
import io.reactiveipc.test.process.SecondJvmBuilder;
import java.nio.file.Path;

/** Processes that run examples.jar. */
final class RunningJar {
    private static final Path JAR = Path.of(System.getProperty("examples.jar", "examples.jar"));

    private RunningJar() {}

    /** {@code java -jar examples.jar arguments…} */
    static SecondJvm start(String... arguments) {
        return SecondJvmBuilder.ofJar(JAR).arguments(arguments).start();
    }

    /** Another class of the jar, with a system property. */
    static SecondJvm startClass(Class<?> type, String flag) {
        return SecondJvmBuilder.ofJar(JAR, type).flags(flag).start();
    }
}
