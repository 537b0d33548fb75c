package minik8s.apiserver.schema;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class SchemaLayersTest {
  private static final JavaClasses SCHEMA =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("minik8s.apiserver.schema");

  @Test
  void knowsNoSibling() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "minik8s.apiserver.admission..",
            "minik8s.apiserver.kinds..",
            "minik8s.apiserver.registry..",
            "minik8s.apiserver.rest..",
            "minik8s.apiserver.store..",
            "minik8s.apiserver.watchcache..",
            "org.springframework..")
        .because("documents are checked and patched without knowing who stores or serves them")
        .check(SCHEMA);
  }

  @Test
  void shipsNothingOfItsSources() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.fabric8..", "io.kubernetes..", "com.google.protobuf..", "java.lang.reflect..")
        .because(
            "the type table is made at build time; at run time it is text, read without reflection")
        .check(SCHEMA);
  }
}
