package minik8s.controller;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final String[] SHARED = {
    "minik8s.controller.patch..",
    "minik8s.controller.owner..",
    "minik8s.controller.discovery..",
    "minik8s.controller.pods..",
    "minik8s.controller.revision..",
    "minik8s.controller.scale..",
    "minik8s.controller.status.."
  };

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("minik8s.controller");

  @Test
  void keepsControllersApart() {
    slices()
        .matching("minik8s.controller.(*)..")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(
            DescribedPredicate.alwaysTrue(), JavaClass.Predicates.resideInAnyPackage(SHARED))
        .because("controllers talk to each other through objects alone")
        .check(classes);
  }

  @Test
  void letsOnlyMainKnowAllControllers() {
    noClasses()
        .that()
        .resideInAPackage("minik8s.controller.(*)..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("minik8s.controller")
        .because("main wires controllers; they need nothing of it")
        .check(classes);
  }

  @Test
  void keepsPlansAndStatusesPure() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Plan")
        .or()
        .haveSimpleNameEndingWith("Statuses")
        .or()
        .haveSimpleNameEndingWith("Names")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "minik8s.client..", "minik8s.control..", "org.slf4j..", "java.util.concurrent..")
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
        .because("time is an argument below and an instrument above")
        .check(classes);
  }

  @Test
  void givesEveryReconcilerAPackageOfItsOwn() {
    classes()
        .that()
        .implement(minik8s.control.Reconciler.class)
        .should()
        .haveSimpleNameEndingWith("Reconciler")
        .andShould()
        .bePublic()
        .because("a reader finds the shell of each controller by its name")
        .check(classes);
  }
}
