package minik8s.kubectl;

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
          .importPackages("minik8s.kubectl");

  @Test
  void keepsWhatIsSlowToLoadOut() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("minik8s.kubectl.command.GpuScript")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.net.http..",
            "tools.jackson.databind..",
            "org.slf4j..",
            "ch.qos.logback..",
            "minik8s.api..")
        .because(
            "each of them costs more start-up time than a whole request; one verb pays it, so that"
                + " it shows the very script that the gpu-server writes")
        .check(classes);
  }

  @Test
  void readsYamlAtOneDoor() {
    noClasses()
        .that()
        .resideOutsideOfPackage("minik8s.kubectl.document..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.snakeyaml..")
        .because("YAML 1.1 has many readings and kubectl has one")
        .check(classes);
  }

  @Test
  void parsesTheCommandLineAtOneDoor() {
    noClasses()
        .that()
        .resideOutsideOfPackage("minik8s.kubectl.command..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .because("flags are a matter of verbs")
        .check(classes);
  }

  @Test
  void keepsPrintersPure() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "minik8s.kubectl.describe..", "minik8s.kubectl.patch..", "minik8s.kubectl.document..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net..", "java.nio.file..", "minik8s.kubectl.command..")
        .because("text and patches are functions of documents, without asking anybody")
        .check(classes);
  }

  @Test
  void keepsVerbsOnTop() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "minik8s.kubectl.client..", "minik8s.kubectl.output..", "minik8s.kubectl.manifest..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("minik8s.kubectl.command..")
        .because("verbs use the rooms below them and never the reverse")
        .check(classes);
  }

  @Test
  void takesTimeFromTheSession() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .because("a session has a clock, and waiting is done by watching")
        .check(classes);
  }
}
