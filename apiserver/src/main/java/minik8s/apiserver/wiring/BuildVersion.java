package minik8s.apiserver.wiring;

import minik8s.api.codec.Json;
import tools.jackson.databind.node.ObjectNode;

/** What {@code /version} says. Stateless. */
final class BuildVersion {
  private BuildVersion() {}

  /** The version document: the Kubernetes version whose API is spoken, and this build. */
  static ObjectNode document() {
    return Json.object()
        .put("major", "1")
        .put("minor", "33")
        .put("gitVersion", "v1.33.0-minik8s")
        .put("gitCommit", System.getProperty("minik8s.commit", "unknown"))
        .put("gitTreeState", "clean")
        .put("buildDate", "2026-01-01T00:00:00Z")
        .put("goVersion", "none")
        .put("compiler", "javac")
        .put("platform", "linux/amd64");
  }
}
