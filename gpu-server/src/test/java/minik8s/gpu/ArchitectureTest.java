package minik8s.gpu;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("minik8s.gpu");

  @Test
  void keepsJschBehindOneDoor() {
    noClasses()
        .that()
        .resideOutsideOfPackage("minik8s.gpu.slurm.ssh..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.jcraft.jsch..")
        .because("how a cluster is reached is known in one place")
        .check(classes);
  }

  @Test
  void keepsTheGatewayFreeOfJobsAndOfTheApi() {
    noClasses()
        .that()
        .resideInAPackage("minik8s.gpu.slurm..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "minik8s.gpu.job..",
            "minik8s.gpu.results..",
            "minik8s.gpu.server..",
            "minik8s.client..")
        .because("a gateway does what it is told and knows of no object")
        .check(classes);
  }

  @Test
  void letsOnlyMainKnowTheWayToAHost() {
    noClasses()
        .that()
        .resideInAnyPackage("minik8s.gpu.job..", "minik8s.gpu.results..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("minik8s.gpu.slurm.ssh..", "minik8s.gpu.server..")
        .because("jobs speak to a port, so that tests can put a cluster in memory behind it")
        .check(classes);
  }

  @Test
  void keepsDecisionsPure() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Plan")
        .or()
        .haveSimpleNameEndingWith("Statuses")
        .or()
        .haveSimpleName("SbatchScript")
        .or()
        .haveSimpleName("JobCheck")
        .or()
        .haveSimpleName("Ends")
        .or()
        .haveSimpleName("SubmitAnswers")
        .or()
        .haveSimpleName("JobRows")
        .or()
        .haveSimpleName("IndexPage")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "minik8s.client..",
            "minik8s.control..",
            "org.slf4j..",
            "java.util.concurrent..",
            "java.nio.file..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(InstantSource.class, Random.class)
        .because("what is decided must depend on the arguments alone")
        .check(classes);
  }

  @Test
  void takesTimeFromTimersOnly() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(TimeUnit.class, "sleep", long.class)
        .because("time is an argument below and an instrument above")
        .check(classes);
  }
}
