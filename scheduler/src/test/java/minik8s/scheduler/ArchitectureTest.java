package minik8s.scheduler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("minik8s.scheduler");

  @Test
  void keepsRulesPure() {
    noClasses()
        .that()
        .resideInAnyPackage("..framework..", "..plugins..", "..queue..")
        .or()
        .haveSimpleNameEndingWith("Plan")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "minik8s.client..",
            "minik8s.daemon..",
            "org.slf4j..",
            "io.micrometer..",
            "java.util.concurrent..",
            "java.io..",
            "java.net..")
        .because("decisions do no I/O, start no thread and log nothing")
        .check(classes);
  }

  @Test
  void letsRulesKnowNoQueueAndNoLoop() {
    noClasses()
        .that()
        .resideInAnyPackage("..framework..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..plugins..", "..queue..")
        .because("plugins see pods and nodes through the framework, which knows none of them")
        .check(classes);
    noClasses()
        .that()
        .resideInAPackage("..plugins..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..queue..", "minik8s.scheduler")
        .because("a rule of placement does not know who asks")
        .check(classes);
  }

  @Test
  void dependsOnCommonAlone() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "minik8s.apiserver..", "minik8s.controller..", "minik8s.kubelet..", "minik8s.kubectl..")
        .because("siblings meet only through the API server")
        .check(classes);
  }

  @Test
  void writesThroughTheGatewayOnly() {
    noClasses()
        .that()
        .doNotHaveSimpleName("ApiGateway")
        .and()
        .doNotHaveSimpleName("Scheduler")
        .and()
        .doNotHaveSimpleName("Feeds")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("minik8s.client..")
        .because("the loop runs in tests and benches without an API server")
        .check(classes);
  }

  @Test
  void takesTimeFromTimersOnly() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .because("time is an argument below and an instrument above (Timers)")
        .check(classes);
  }
}
