package minik8s.apiserver.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import minik8s.api.codec.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class KindTableTest {
  private static final String WIDGETS =
      """
      {"spec":{"group":"example.com","scope":"Namespaced",
       "names":{"kind":"Widget","plural":"widgets","singular":"widget","listKind":"WidgetList",
                "shortNames":["wd"],"categories":["all"]},
       "versions":[
         {"name":"v1beta1","served":true,"storage":false},
         {"name":"v1","served":true,"storage":true,
          "subresources":{"status":{},"scale":{"specReplicasPath":".spec.count",
            "statusReplicasPath":".status.count","labelSelectorPath":".status.selector"}},
          "selectableFields":[{"jsonPath":".spec.color"}],
          "additionalPrinterColumns":[{"name":"Color","type":"string","jsonPath":".spec.color"}]},
         {"name":"v0","served":false,"storage":false}]}}
      """;

  private final KindTable table = new KindTable();

  private static JsonNode entry(JsonNode list, String field, String name) {
    return list.valueStream()
        .filter(n -> n.path(field).asString("").equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void listsSubresourcesWithTheKindOfTheirDocuments() {
    JsonNode core = table.discovery().resources("", "v1").orElseThrow().path("resources");

    assertThat(entry(core, "name", "pods/eviction"))
        .isEqualTo(
            Json.parse(
                """
                {"name":"pods/eviction","singularName":"","namespaced":true,"group":"policy",
                 "version":"v1","kind":"Eviction","verbs":["create"]}
                """));
    JsonNode apps = table.discovery().resources("apps", "v1").orElseThrow().path("resources");
    assertThat(entry(apps, "name", "deployments"))
        .isEqualTo(
            Json.parse(
                """
                {"name":"deployments","singularName":"deployment","namespaced":true,
                 "kind":"Deployment","verbs":["create","delete","deletecollection","get","list",
                 "patch","update","watch"],"shortNames":["deploy"],"categories":["all"]}
                """));
    assertThat(entry(apps, "name", "deployments/scale").path("group").asString())
        .isEqualTo("autoscaling");
  }

  @Test
  void prefersTheNewestVersionOfAGroup() {
    JsonNode autoscaling = entry(table.groupList().path("groups"), "name", "autoscaling");

    assertThat(autoscaling.path("preferredVersion").path("version").asString()).isEqualTo("v2");
    assertThat(autoscaling.path("versions")).hasSize(2);
  }

  @Test
  void servesTheAggregatedFormWithTheCoreGroupApart() {
    JsonNode core = table.discovery().aggregatedCore();
    JsonNode groups = table.discovery().aggregatedGroups();

    assertThat(core.path("items")).hasSize(1);
    assertThat(core.path("items").path(0).path("metadata").path("name").asString()).isEmpty();
    JsonNode apps =
        groups
            .path("items")
            .valueStream()
            .filter(i -> i.path("metadata").path("name").asString("").equals("apps"))
            .findFirst()
            .orElseThrow();
    JsonNode deployments =
        entry(apps.path("versions").path(0).path("resources"), "resource", "deployments");
    assertThat(deployments.path("scope").asString()).isEqualTo("Namespaced");
    assertThat(deployments.path("responseKind").path("kind").asString()).isEqualTo("Deployment");
    assertThat(deployments.path("subresources")).hasSize(2);
  }

  @Test
  void servesTheVersionsOfADefinitionUntilTheyAreRemoved() {
    List<Kind> kinds = CustomKinds.of(Json.parse(WIDGETS));
    table.replace("example.com", "widgets", kinds);

    Kind widget = table.find("example.com", "v1", "widgets").orElseThrow();
    assertThat(widget.status()).isTrue();
    assertThat(widget.scale())
        .isEqualTo(new ScalePaths("spec.count", "status.count", "status.selector"));
    assertThat(widget.fieldSelectors()).containsExactly("spec.color");
    assertThat(widget.columns()).extracting(PrinterColumn::name).containsExactly("Color");
    assertThat(widget.storageGroupVersion()).isEqualTo("example.com/v1");
    assertThat(table.find("example.com", "v1beta1", "widgets").orElseThrow().converted()).isTrue();
    assertThat(table.find("example.com", "v0", "widgets")).isEmpty();
    assertThat(table.findByKind("example.com/v1", "Widget")).contains(widget);

    table.replace("example.com", "widgets", List.of());
    assertThat(table.find("example.com", "v1", "widgets")).isEmpty();
    assertThat(table.discovery().group("example.com")).isEmpty();
  }

  @Test
  void ordersVersionsByStabilityThenNumber() {
    assertThat(
            List.of("v1alpha1", "foo", "v1", "v2beta1", "v10", "v2").stream()
                .sorted(Versions.NEWEST_FIRST))
        .containsExactly("v10", "v2", "v1", "v2beta1", "v1alpha1", "foo");
  }

  @Test
  void givesEveryKindOnePlace() {
    assertThat(table.all()).hasSizeGreaterThan(45).doesNotHaveDuplicates();
    assertThat(table.all())
        .extracting(k -> k.apiVersion() + "/" + k.plural())
        .doesNotHaveDuplicates();
  }
}
