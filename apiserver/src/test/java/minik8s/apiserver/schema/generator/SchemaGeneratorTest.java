package minik8s.apiserver.schema.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The checked-in type table is what its sources say. */
class SchemaGeneratorTest {
  @Test
  void tableIsUpToDate() throws IOException, ReflectiveOperationException {
    SchemaGenerator generator = new SchemaGenerator();
    try (var in =
        SchemaGenerator.class.getResourceAsStream("/minik8s/apiserver/schema/types.txt")) {
      assertThat(in).isNotNull();
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(generator.table());
    }
  }

  @Test
  void everyNameIsConfirmedByTheSecondSource() throws IOException, ReflectiveOperationException {
    SchemaGenerator generator = new SchemaGenerator();
    generator.table();
    // fabric8 follows a newer Kubernetes, so it may know more fields, but it misses only one.
    assertThat(generator.differences)
        .filteredOn(difference -> !difference.contains("fabric8 also has"))
        .containsExactly("core.v1.NodeAllocatableResourceClaimStatus: fabric8 lacks resources");
  }
}
