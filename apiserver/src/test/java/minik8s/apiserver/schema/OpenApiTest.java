package minik8s.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.codec.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class OpenApiTest {
  private static final Set<String> VERBS =
      Set.of("get", "list", "create", "update", "patch", "delete", "deletecollection", "watch");
  private static final Gvk CUSTOM = new Gvk("stable.example.com", "v1", "CronTab");

  private final Schemas schemas = new Schemas();
  private final List<ServedResource> served =
      new ArrayList<>(
          List.of(
              resource("", "Pod", "pods", true),
              resource("", "Node", "nodes", false),
              resource("apps", "Deployment", "deployments", true)));
  private final OpenApi openApi = new OpenApi(schemas, () -> List.copyOf(served));

  private static ServedResource resource(
      String group, String kind, String plural, boolean namespaced) {
    return new ServedResource(
        new Gvk(group, "v1", kind), plural, namespaced, VERBS, Set.of("status"));
  }

  private void addCustom(String description) {
    ObjectNode schema = Json.object().put("type", "object").put("description", description);
    schema.putObject("properties").putObject("spec").put("type", "object").put("nullable", true);
    schemas.putCustom(CUSTOM, schema, false);
  }

  @Test
  void indexNamesEachGroupVersionWithStableHash() {
    JsonNode paths = Json.parse(openApi.v3Index()).get("paths");
    assertThat(paths.properties())
        .extracting(Map.Entry::getKey)
        .containsExactly("api/v1", "apis/apps/v1");
    assertThat(paths.get("api/v1").get("serverRelativeURL").asString())
        .matches("/openapi/v3/api/v1\\?hash=[0-9A-F]{64}");
    assertThat(openApi.v3Index()).isEqualTo(openApi.v3Index());
  }

  @Test
  void documentHasSchemasAndPatchOperations() {
    JsonNode document = Json.parse(openApi.v3("apis/apps/v1").orElseThrow());
    JsonNode containers =
        document.at("/components/schemas/io.k8s.api.core.v1.PodSpec/properties/containers");
    assertThat(containers.get("x-kubernetes-patch-merge-key").asString()).isEqualTo("name");
    assertThat(containers.get("x-kubernetes-patch-strategy").asString()).isEqualTo("merge");
    assertThat(containers.get("items").get("$ref").asString())
        .isEqualTo("#/components/schemas/io.k8s.api.core.v1.Container");
    JsonNode deployment = document.at("/components/schemas/io.k8s.api.apps.v1.Deployment");
    assertThat(deployment.get("x-kubernetes-group-version-kind").toString())
        .isEqualTo("[{\"group\":\"apps\",\"kind\":\"Deployment\",\"version\":\"v1\"}]");
    JsonNode patch =
        document
            .get("paths")
            .get("/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
            .get("patch");
    assertThat(patch.get("requestBody").get("content").properties())
        .extracting(Map.Entry::getKey)
        .containsExactly(
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json");
    assertThat(patch.get("parameters").valueStream().map(p -> p.get("name").asString()))
        .containsExactly("dryRun", "fieldManager", "fieldValidation");
    assertThat(openApi.v3("apis/nope/v1")).isEmpty();
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    addCustom("x");
    served.add(new ServedResource(CUSTOM, "crontabs", true, VERBS, Set.of()));
    JsonNode v2 = Json.parse(openApi.v2Json());
    v2.findValues("$ref")
        .forEach(ref -> {
          String name = ref.asString().substring("#/definitions/".length());
          assertThat(v2.get("definitions").has(name)).as(name).isTrue();
        });
    JsonNode v3 = Json.parse(openApi.v3("apis/stable.example.com/v1").orElseThrow());
    v3.findValues("$ref")
        .forEach(ref -> {
          String name = ref.asString().substring("#/components/schemas/".length());
          assertThat(v3.get("components").get("schemas").has(name)).as(name).isTrue();
        });
  }

  @Test
  void customKindAppearsInBothVersionsAndChangesOnlyItsGroup() {
    JsonNode before = Json.parse(openApi.v3Index()).get("paths");
    byte[] core = openApi.v3("api/v1").orElseThrow();
    addCustom("first");
    served.add(new ServedResource(CUSTOM, "crontabs", true, VERBS, Set.of()));
    JsonNode between = Json.parse(openApi.v3Index()).get("paths");
    addCustom("second");
    JsonNode after = Json.parse(openApi.v3Index()).get("paths");
    assertThat(after.get("api/v1")).isEqualTo(before.get("api/v1"));
    assertThat(after.get("apis/stable.example.com/v1"))
        .isNotEqualTo(between.get("apis/stable.example.com/v1"));
    assertThat(openApi.v3("api/v1").orElseThrow()).isSameAs(core);
    String name = "com.example.stable.v1.CronTab";
    JsonNode v3 = Json.parse(openApi.v3("apis/stable.example.com/v1").orElseThrow());
    JsonNode own = v3.get("components").get("schemas").get(name);
    assertThat(own.get("description").asString()).isEqualTo("second");
    assertThat(own.at("/properties/spec/nullable").asBoolean()).isTrue();
    JsonNode patch =
        v3.get("paths")
            .get("/apis/stable.example.com/v1/namespaces/{namespace}/crontabs/{name}")
            .get("patch");
    assertThat(
            patch.get("requestBody").get("content").has("application/strategic-merge-patch+json"))
        .isFalse();
    JsonNode v2 = Json.parse(openApi.v2Json()).get("definitions").get(name);
    assertThat(v2.at("/properties/spec").toString()).isEqualTo("{}");
  }

  @Test
  void protobufFormCarriesDefinitionsAndPatchPaths() {
    Wire document = new Wire(openApi.v2Proto(), 0, openApi.v2Proto().length);
    List<String> definitions = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    while (document.next()) {
      switch (document.number()) {
        case 8 -> names(document.message(), 2, paths);
        case 9 -> names(document.message(), 1, definitions);
        default -> document.skip();
      }
    }
    assertThat(definitions).contains("io.k8s.api.core.v1.Pod", "io.k8s.api.apps.v1.Deployment");
    assertThat(paths)
        .contains("/api/v1/nodes/{name}", "/api/v1/namespaces/{namespace}/pods/{name}");
  }

  private static void names(Wire list, int number, List<String> into) {
    while (list.next()) {
      if (list.number() != number) {
        list.skip();
        continue;
      }
      Wire named = list.message();
      while (named.next()) {
        if (named.number() == 1) {
          into.add(named.string());
        } else {
          named.skip();
        }
      }
    }
  }

  @Test
  void descriptionsNameFieldsThatExist() {
    TypeTable table = TypeTable.builtIn();
    assertThat(
            TypeTable.read("descriptions.txt")
                .lines()
                .filter(line -> !line.startsWith("#") && line.contains(".v"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .filter(name -> name.chars().filter(c -> c == '.').count() == 3))
        .hasSizeGreaterThan(100)
        .allSatisfy(name -> {
          int dot = name.lastIndexOf('.');
          assertThat(table.type(name.substring(0, dot)).field(name.substring(dot + 1)))
              .as(name)
              .isNotNull();
        });
  }

  @Test
  void tagFollowsContent() {
    byte[] one = {1};
    byte[] two = {2};
    assertThat(openApi.etag(one)).isEqualTo(openApi.etag(one.clone())).matches("\"[0-9A-F]{64}\"");
    assertThat(openApi.etag(two)).isNotEqualTo(openApi.etag(one));
  }
}
