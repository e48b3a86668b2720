package io.reactiveipc.shm.spec;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.agrona.concurrent.AtomicBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lines between modules and packages that docs/architecture.md draws. */
@Timeout(120)
class ArchitectureTest {
    private static final String SHM = "io.reactiveipc.shm..";
    private static final String RING = "io.reactiveipc.shm.ring..";
    private static final String LAYOUT = "io.reactiveipc.shm.layout..";
    private static final String INTERNAL = "io.reactiveipc.internal..";
    private static final String POLL = "io.reactiveipc.internal.poll..";
    private static final String BUFFER = "io.reactiveipc.internal.buffer..";

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.reactiveipc");

    private static final Pattern ORDERED = Pattern.compile(
            "(get|put).*(Volatile|Acquire|Release|Ordered|Opaque)|compareAndSet.*|compareAndExchange.*|getAnd.*|addLong.*");

    private static final DescribedPredicate<JavaMethodCall> ORDERED_ACCESS = describe(
            "an ordered or atomic access of a buffer",
            call -> call.getTargetOwner().isAssignableTo(AtomicBuffer.class)
                    && ORDERED.matcher(call.getName()).matches());

    @Test
    void thereIsSomethingToCheck() {
        assertThat(MAIN.contain("io.reactiveipc.IpcNode")).isTrue();
        assertThat(MAIN.contain("io.reactiveipc.shm.ring.RingWriter")).isTrue();
        assertThat(MAIN.contain(ArchitectureTest.class)).isFalse();
    }

    @Test
    void coreKnowsNoTransport() {
        check(noClasses()
                .that(resideOutsideOfPackages(SHM, "io.reactiveipc.uds.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SHM, "io.reactiveipc.uds..", "io.netty..", "reactor.netty.."));
    }

    @Test
    void theDataPlaneKnowsNeitherTheControlPlaneNorTheBridge() {
        check(noClasses()
                .that()
                .resideInAPackage(SHM)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.reactiveipc.uds..", "io.netty..", "reactor.netty..", INTERNAL));
    }

    @Test
    void theSpiKnowsOfTheInsideOnlyTheBufferThatMemoryGives() {
        check(noClasses()
                .that()
                .resideInAPackage("io.reactiveipc.spi..")
                .and()
                .doNotHaveFullyQualifiedName("io.reactiveipc.spi.Memory")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(INTERNAL));
        check(noClasses()
                .that()
                .haveFullyQualifiedName("io.reactiveipc.spi.Memory")
                .should()
                .dependOnClassesThat(resideInAPackage(INTERNAL).and(DescribedPredicate.not(resideInAPackage(BUFFER)))));
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("io.reactiveipc.shm.(*)..").should().beFreeOfCycles());
        check(slices().matching("io.reactiveipc.internal.(*)..").should().beFreeOfCycles());
    }

    @Test
    void fencesAndVarHandlesAreInTheRingThePollLoopAndTheBuffers() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(RING, POLL, BUFFER)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(VarHandle.class));
    }

    /** Rows are claimed and reaped under kernel locks, and slots of the dead freed, in the node package; see N1 and R7. */
    @Test
    void orderedAccessToSharedMemoryIsInTheRingAndWhereRowsAndSlotsAreReaped() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(RING, BUFFER)
                .and()
                .doNotHaveFullyQualifiedName("io.reactiveipc.shm.node.NodeTable")
                .and()
                .doNotHaveFullyQualifiedName("io.reactiveipc.shm.node.Reaper")
                .should()
                .callMethodWhere(ORDERED_ACCESS));
    }

    @Test
    void offsetsAndMagicsAreInTheLayoutOnly() {
        check(fields().that()
                .haveNameMatching(".*_OFFSET|.*MAGIC")
                .and()
                .areStatic()
                .should()
                .beDeclaredInClassesThat(resideInAPackage(LAYOUT)));
        check(classes()
                .that()
                .resideInAPackage(LAYOUT)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(LAYOUT, "java.lang..", "org.jspecify.annotations.."));
    }

    @Test
    void nothingDeserialisesObjects() {
        check(noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class));
    }

    @Test
    void nothingPrints() {
        check(NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS);
    }

    @Test
    void aRuleThatIsBrokenFails() {
        JavaClasses offender = new ClassFileImporter().importClasses(Offender.class);
        assertThatThrownBy(() ->
                        noClasses().should().callMethodWhere(ORDERED_ACCESS).check(offender))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("getLongAcquire");
        assertThatThrownBy(() -> NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(offender))
                .isInstanceOf(AssertionError.class);
    }

    private static void check(ArchRule rule) {
        rule.check(MAIN);
    }

    /** Breaks rules, so that they can be seen to work. */
    private static final class Offender {
        static long read(AtomicBuffer buffer, AtomicLong harmless) {
            System.out.println(harmless.get());
            return buffer.getLongAcquire(0);
        }
    }
}
