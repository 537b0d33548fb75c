package minik8s.kubelet;

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
          .importPackages("minik8s.kubelet");

  @Test
  void keepsDockerBehindItsDoor() {
    noClasses()
        .that()
        .resideOutsideOfPackage("minik8s.kubelet.runtime.docker..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.github.dockerjava..")
        .because("the runtime port must be able to have another engine behind it")
        .check(classes);
  }

  @Test
  void namesDockerInTheMainOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages("minik8s.kubelet.runtime.docker..", "minik8s.kubelet")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("minik8s.kubelet.runtime.docker..")
        .because("everything but the wiring speaks to the port")
        .check(classes);
  }

  @Test
  void keepsJettyInTheServer() {
    noClasses()
        .that()
        .resideOutsideOfPackage("minik8s.kubelet.server..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.jetty..")
        .because("HTTP is one way to ask the kubelet, not what it is made of")
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

  @Test
  void keepsPlansPure() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Plan")
        .or()
        .haveSimpleNameEndingWith("Statuses")
        .or()
        .haveSimpleName("RuntimeDiff")
        .or()
        .haveSimpleName("RestartPause")
        .or()
        .haveSimpleName("Outcome")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "minik8s.client..",
            "minik8s.control..",
            "java.io..",
            "java.nio.file..",
            "java.util.concurrent..",
            "org.slf4j..")
        .because("a decision that touches nothing can be tested by table and replayed")
        .check(classes);
  }

  @Test
  void keepsTheRuntimePortFreeOfThoseWhoUseIt() {
    noClasses()
        .that()
        .resideInAPackage("minik8s.kubelet.runtime..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "minik8s.kubelet.sync..",
            "minik8s.kubelet.status..",
            "minik8s.kubelet.server..",
            "minik8s.kubelet.node..",
            "minik8s.client..")
        .because("the picture of what runs is drawn without knowing what should run")
        .check(classes);
  }

  @Test
  void asksTheApiServerThroughTheClientOnly() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.net.http..")
        .because("HttpApi is the one door to the API server")
        .check(classes);
  }
}
