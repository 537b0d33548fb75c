package minik8s.apiserver.schema.generator;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.Field;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The JSON field names of fabric8's model classes, the second source that the names of the table
 * are checked against. Immutable.
 */
final class Fabric8Types {
  private static final String PACKAGE = "io.fabric8.kubernetes.api.model.";
  private static final Map<String, String> PACKAGES =
      Map.ofEntries(
          Map.entry("core.v1", ""),
          Map.entry("meta.v1", ""),
          Map.entry("apps.v1", "apps."),
          Map.entry("batch.v1", "batch.v1."),
          Map.entry("autoscaling.v1", "autoscaling.v1."),
          Map.entry("autoscaling.v2", "autoscaling.v2."),
          Map.entry("coordination.v1", "coordination.v1."),
          Map.entry("networking.v1", "networking.v1."),
          Map.entry("policy.v1", "policy.v1."),
          Map.entry("rbac.v1", "rbac."),
          Map.entry("storage.v1", "storage."),
          Map.entry("scheduling.v1", "scheduling.v1."),
          Map.entry("events.v1", "events.v1."),
          Map.entry("discovery.v1", "discovery.v1."),
          Map.entry("authentication.v1", "authentication."),
          Map.entry("authorization.v1", "authorization.v1."),
          Map.entry("apiextensions.v1", "apiextensions.v1."));

  private Fabric8Types() {}

  /** The JSON names of a type's fields; empty where fabric8 has no such class. */
  static Set<String> fields(String shortName) {
    int dot = shortName.lastIndexOf('.');
    String sub = PACKAGES.get(shortName.substring(0, dot));
    Set<String> names = new LinkedHashSet<>();
    if (sub == null) {
      return names;
    }
    try {
      for (Field field :
          Class.forName(PACKAGE + sub + shortName.substring(dot + 1)).getDeclaredFields()) {
        JsonProperty property = field.getAnnotation(JsonProperty.class);
        if (property != null) {
          names.add(property.value());
        }
      }
    } catch (ClassNotFoundException e) {
      return Set.of();
    }
    return names;
  }
}
