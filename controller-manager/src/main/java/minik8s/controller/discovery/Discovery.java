package minik8s.controller.discovery;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import minik8s.api.ApiException;
import minik8s.api.PartialObject;
import minik8s.api.Resource;
import tools.jackson.databind.JsonNode;

/** Reads the API server's discovery documents. Thread-safe; asks anew each time. */
public final class Discovery {
  private final Function<String, JsonNode> documents;

  /**
   * @param documents reads a path of the API server, as {@link minik8s.client.Api#raw} does
   */
  public Discovery(Function<String, JsonNode> documents) {
    this.documents = documents;
  }

  /**
   * What was found.
   *
   * @param resources each resource once, in its group's preferred version where it has one
   * @param failures a sentence for each group version that could not be read
   */
  public record Found(List<Served> resources, List<String> failures) {
    public Found {
      resources = List.copyOf(resources);
      failures = List.copyOf(failures);
    }
  }

  /**
   * Everything that is served.
   *
   * @throws ApiException when not even the list of groups can be read
   */
  public Found read() {
    Map<String, Served> resources = new LinkedHashMap<>();
    List<String> failures = new ArrayList<>();
    version("/api/v1", "", "v1", resources, failures);
    for (JsonNode group : documents.apply("/apis").path("groups")) {
      String name = group.path("name").asString("");
      List<String> versions = new ArrayList<>();
      versions.add(group.path("preferredVersion").path("version").asString(""));
      group.path("versions").forEach(v -> versions.add(v.path("version").asString("")));
      versions.stream()
          .filter(version -> !version.isEmpty())
          .distinct()
          .forEach(version ->
              version("/apis/" + name + "/" + version, name, version, resources, failures));
    }
    return new Found(List.copyOf(resources.values()), failures);
  }

  private void version(
      String path,
      String group,
      String version,
      Map<String, Served> resources,
      List<String> failures) {
    try {
      for (JsonNode entry : documents.apply(path).path("resources")) {
        String plural = entry.path("name").asString("");
        if (!plural.contains("/")) {
          resources.putIfAbsent(group + "/" + plural, served(group, version, plural, entry));
        }
      }
    } catch (ApiException e) {
      failures.add((group.isEmpty() ? "" : group + "/") + version + ": " + e.getMessage());
    }
  }

  private static Served served(String group, String version, String plural, JsonNode entry) {
    Set<String> verbs = new HashSet<>();
    entry.path("verbs").forEach(verb -> verbs.add(verb.asString("")));
    return new Served(
        new Resource<>(
            group,
            version,
            plural,
            entry.path("kind").asString(""),
            entry.path("namespaced").asBoolean(false),
            PartialObject.class),
        verbs);
  }
}
