// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

@AnalyzeClasses(packages = "dev.sluice.audit", importOptions = ImportOption.DoNotIncludeTests.class)
final class WallsTest {
    @ArchTest
    static final ArchRule KAFKA_ONLY_IN_KAFKA =
            noClasses().that().resideOutsideOfPackage("..audit.kafka..").should().dependOnClassesThat().resideInAPackage("org.apache.kafka..");

    @ArchTest
    static final ArchRule HTTP_ONLY_IN_HTTP = noClasses()
            .that()
            .resideOutsideOfPackage("..audit.http..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.ext.web..", "io.vertx.core.http..");

    @ArchTest
    static final ArchRule DATABASE_ONLY_IN_STORE = noClasses()
            .that()
            .resideOutsideOfPackages("..audit.store..", "dev.sluice.audit")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient..");

    @ArchTest
    static final ArchRule PROJECTIONS_KNOW_NO_CLOCK = noClasses()
            .that()
            .resideInAnyPackage("..audit.projection..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net.http..", "java.util.random..", "io.vertx..")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule NO_CYCLES = SlicesRuleDefinition.slices().matching("dev.sluice.audit.(*)..").should().beFreeOfCycles();
}
