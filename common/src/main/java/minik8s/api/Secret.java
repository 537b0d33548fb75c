package minik8s.api;

import java.util.Map;
import java.util.TreeSet;

/** Secret data, Base64 on the wire. Immutable; never printed. */
public record Secret(ObjectMeta metadata, String type, Map<String, String> data)
    implements KubeObject {
  public Secret {
    type = Lists.of(type);
    data = Lists.of(data);
  }

  /** Names the keys only, so that no log line can leak a value. */
  @Override
  public String toString() {
    return "Secret[" + key() + ", keys=" + new TreeSet<>(data.keySet()) + "]";
  }
}
