// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** The walls between the gateway's packages. */
@AnalyzeClasses(packages = "dev.sluice.gateway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] RULES_OF_THE_SESSION = {
        "dev.sluice.gateway.wire..", "dev.sluice.gateway.session..", "dev.sluice.gateway.hold..", "dev.sluice.gateway.policy..", "dev.sluice.gateway.statement..",
        "dev.sluice.gateway.lineage..", "dev.sluice.gateway.masking..", "dev.sluice.gateway.detection.."
    };

    @ArchTest
    static final ArchRule domainKnowsNoSocketsAndNoKafka = noClasses().that().resideInAnyPackage(RULES_OF_THE_SESSION)
            .should().dependOnClassesThat().resideInAnyPackage(
                    "io.vertx.core.net..", "io.vertx.core.http..", "io.vertx.ext..", "io.netty..", "org.apache.kafka..", "java.net.http..", "dev.sluice.gateway.net..",
                    "dev.sluice.gateway.kafka..", "dev.sluice.gateway.http..");

    @ArchTest
    static final ArchRule sessionsAreToldTheTimeAndNeverRollDice = noClasses().that().resideInAnyPackage(
                    "dev.sluice.gateway.wire..", "dev.sluice.gateway.session..", "dev.sluice.gateway.hold..", "dev.sluice.gateway.policy..",
                    "dev.sluice.gateway.lineage..", "dev.sluice.gateway.masking..", "dev.sluice.gateway.detection..")
            .should().callMethod(Instant.class, "now")
            .orShould().callMethod(System.class, "nanoTime")
            .orShould().callMethod(System.class, "currentTimeMillis")
            .orShould().callMethod(UUID.class, "randomUUID")
            .orShould().dependOnClassesThat().areAssignableTo(Clock.class)
            .orShould().dependOnClassesThat().areAssignableTo(RandomGenerator.class);

    @ArchTest
    static final ArchRule socketsOnlyInNet = noClasses().that().resideOutsideOfPackage("dev.sluice.gateway.net..")
            .should().dependOnClassesThat().haveNameMatching("io\\.vertx\\.core\\.net\\.Net.*|io\\.netty\\..*");

    @ArchTest
    static final ArchRule kafkaOnlyInKafka = noClasses().that().resideOutsideOfPackage("dev.sluice.gateway.kafka..")
            .should().dependOnClassesThat().resideInAPackage("org.apache.kafka..");

    @ArchTest
    static final ArchRule httpServersOnlyInHttp = noClasses().that().resideOutsideOfPackage("dev.sluice.gateway.http..")
            .should().dependOnClassesThat().resideInAnyPackage("io.vertx.core.http..", "io.vertx.ext.web..", "java.net.http..");

    @ArchTest
    static final ArchRule nobodyNeedsTheAssembly = noClasses().that().resideInAPackage("dev.sluice.gateway.*..")
            .should().dependOnClassesThat().resideInAPackage("dev.sluice.gateway");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("dev.sluice.gateway.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = noClasses().should().haveSimpleNameEndingWith("Impl")
            .orShould().haveSimpleNameEndingWith("Util").orShould().haveSimpleNameEndingWith("Utils")
            .orShould().haveSimpleNameEndingWith("Manager").orShould().haveSimpleNameEndingWith("Helper");
}
