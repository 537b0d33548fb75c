package minik8s.apiserver.authz;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The cluster roles and bindings that every cluster starts with. Stateless. */
public final class BootstrapPolicy {
  private BootstrapPolicy() {}

  /** Full documents, to be created at start when absent. */
  public static List<ObjectNode> documents() {
    return List.of();
  }
}
