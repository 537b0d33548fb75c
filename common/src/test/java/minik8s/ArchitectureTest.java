package minik8s;

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
          .importPackages("minik8s");

  @Test
  void keepsObjectsFreeOfEverythingAbove() {
    noClasses()
        .that()
        .resideInAPackage("minik8s.api..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "minik8s.client..", "minik8s.control..", "minik8s.daemon..", "java.net.http..")
        .because("records are read by everybody and so must know nobody")
        .check(classes);
  }

  @Test
  void buildsMappersInCodecOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("minik8s.api.codec..")
        .should()
        .dependOnClassesThat()
        .haveSimpleNameStartingWith("JsonMapper$")
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("tools.jackson.dataformat..")
        .because("one mapper means one reading of every document")
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
  void leavesHttpToTheClient() {
    noClasses()
        .that()
        .resideOutsideOfPackage("minik8s.client..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.net.http..")
        .because("HttpApi is the one door to the API server")
        .check(classes);
  }
}
