// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.sluice.approval", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule KAFKA_ONLY_IN_KAFKA = noClasses()
            .that()
            .resideOutsideOfPackages("dev.sluice.approval", "..kafka")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "dev.sluice.schemas.kafka..");

    @ArchTest
    static final ArchRule HTTP_ONLY_IN_HTTP = noClasses()
            .that()
            .resideOutsideOfPackages("dev.sluice.approval", "..http")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..");

    @ArchTest
    static final ArchRule THE_RULES_ARE_PURE = noClasses()
            .that()
            .resideInAnyPackage("..decider", "..display")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "java.net..", "java.nio.file..", "java.util.concurrent..", "java.util.random..", "java.security..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock");

    @ArchTest
    static final ArchRule NO_CYCLES = slices().matching("dev.sluice.approval.(*)..").should().beFreeOfCycles();
}
