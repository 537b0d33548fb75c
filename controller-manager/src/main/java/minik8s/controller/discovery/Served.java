package minik8s.controller.discovery;

import java.util.Set;
import minik8s.api.PartialObject;
import minik8s.api.Resource;

/** One resource that the API server serves, with what may be done to it. Immutable. */
public record Served(Resource<PartialObject> resource, Set<String> verbs) {
  public Served {
    verbs = Set.copyOf(verbs);
  }

  /** Whether all these verbs are served. */
  public boolean can(String... wanted) {
    return verbs.containsAll(Set.of(wanted));
  }

  /** {@code deployments.apps}, or {@code pods} in the core group. */
  public String name() {
    return resource.group().isEmpty()
        ? resource.plural()
        : resource.plural() + "." + resource.group();
  }
}
