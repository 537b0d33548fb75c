package minik8s.apiserver;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import minik8s.apiserver.store.Store;
import org.junit.jupiter.api.Test;

/** The rooms of the API server and the doors between them. */
final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("minik8s.apiserver");

  @Test
  void onlyTheEtcdStoreKnowsJetcd() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..store.etcd..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.etcd..", "io.grpc..")
        .because("the store is a port, and etcd's traps are dealt with behind one door")
        .check(CLASSES);
  }

  @Test
  void springStaysAtTheTwoEnds() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..rest..", "..proxy..", "..wiring..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "org.eclipse.jetty..")
        .because("everything between the HTTP edge and the wiring is plain Java")
        .check(CLASSES);
  }

  @Test
  void onlyTheRegistryWrites() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..registry..", "..store..", "..membership..")
        .should()
        .callMethod(Store.class, "create", String.class, byte[].class)
        .orShould()
        .callMethod(Store.class, "replace", minik8s.apiserver.store.Entry.class, byte[].class)
        .orShould()
        .callMethod(
            Store.class, "replaceStrictly", minik8s.apiserver.store.Entry.class, byte[].class)
        .orShould()
        .callMethod(Store.class, "delete", minik8s.apiserver.store.Entry.class)
        .because("uid, ownership of fields and validity are settled in one place")
        .check(CLASSES);
  }

  @Test
  void theStoreKnowsNoKinds() {
    noClasses()
        .that()
        .resideInAnyPackage("..store..", "..watchcache..", "..membership..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..registry..", "..rest..", "..kinds..", "..schema..", "..admission..", "..wiring..")
        .because("keys, bytes and revisions mean the same for every kind")
        .check(CLASSES);
  }

  @Test
  void rulesArePure() {
    noClasses()
        .that()
        .resideInAnyPackage("..schema..", "..admission..", "..table..", "..kinds..", "..selector..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..store..",
            "..watchcache..",
            "..registry..",
            "..rest..",
            "..wiring..",
            "java.net.http..",
            "java.util.concurrent.locks..",
            "jakarta..")
        .because("a rule that does no I/O can be tested and read on its own")
        .check(CLASSES);
  }

  @Test
  void theRegistryKnowsNoHttp() {
    noClasses()
        .that()
        .resideInAPackage("..registry..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..rest..", "..wiring..", "..proxy..", "jakarta..")
        .because("the verbs are the same whoever calls them, tests and simulation included")
        .check(CLASSES);
  }

  @Test
  void timeIsAnArgument() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .because("a test must be able to set the clock")
        .check(CLASSES);
  }
}
