package minik8s.api;

import java.util.Map;

/** Configuration data; {@code binaryData} is Base64. Immutable. */
public record ConfigMap(
    ObjectMeta metadata, Map<String, String> data, Map<String, String> binaryData)
    implements KubeObject {
  public ConfigMap {
    data = Lists.of(data);
    binaryData = Lists.of(binaryData);
  }
}
